-- users.introspect_api_key: $1 api_key_id uuid, $2 hash bytea
select user_id, email, scopes, expires_at from users.introspect_api_key($1, $2)
