-- users.start_passkey: $1 token hash, $2 state, $3 expires_at
select email, display_name, credential_ids from users.start_passkey($1, $2, $3)
