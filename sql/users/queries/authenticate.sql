-- users.authenticate: $1 email, $2 tenant, $3 proven boolean, $4 attempt jsonb, $5 session jsonb, $6 caller jsonb
select outcome, tenant_id, user_id, roles, access_token_minutes, expires_at, tenants, methods
  from users.sp_authenticate_user($1, $2, $3, $4, $5, $6)
