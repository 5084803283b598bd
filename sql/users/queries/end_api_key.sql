-- users.end_api_key: $1 tenant_id uuid, $2 api_key_id uuid, $3 hash (hex), $4 caller jsonb
select users.end_api_key($1, $2, $3, $4)
