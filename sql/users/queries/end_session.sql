-- users.end_session: $1 tenant_id uuid, $2 session_id uuid, $3 caller jsonb
select users.end_session($1, $2, $3)
