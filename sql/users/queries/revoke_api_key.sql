-- users.revoke_api_key: $1 api_key_id uuid, $2 whether the caller administers access
select users.revoke_api_key($1, $2)
