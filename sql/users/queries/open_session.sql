-- users.open_session: $1 tenant_id uuid, $2 user_id uuid, $3 session jsonb, $4 caller jsonb
select session_id, roles, access_token_minutes, expires_at, absolute_expires_at
  from users.open_session($1, $2, $3, $4)
