-- users.create_api_key: $1 user_id uuid, null for the caller, $2 key jsonb, $3 whether the caller administers access
select users.create_api_key($1, $2, $3)
