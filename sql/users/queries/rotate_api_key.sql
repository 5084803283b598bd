-- users.rotate_api_key: $1 api_key_id uuid, $2 new key jsonb, $3 overlap in minutes, $4 whether the caller administers access
select users.rotate_api_key($1, $2, $3, $4)
