-- users.rotate_refresh_token: $1 tenant_id uuid, $2 session_id uuid, $3 counter, $4 hash and $5 hash of the next (hex),
-- $6 caller jsonb
select outcome, user_id, counter, roles, access_token_minutes, expires_at, absolute_expires_at, assurance, methods,
       authenticated_at
  from users.rotate_refresh_token($1, $2, $3, $4, $5, $6)
