-- users.find_api_key: $1 tenant_id uuid, $2 api_key_id uuid, $3 hash bytea, $4 caller jsonb
select user_id, scopes, roles, expires_at from users.find_api_key($1, $2, $3, $4)
