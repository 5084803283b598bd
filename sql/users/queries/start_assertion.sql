-- users.start_assertion: $1 token hash, $2 state, $3 expires_at, $4 hash of the mfa_token, $5 caller
select wait, credential_ids from users.start_assertion($1, $2, $3, $4, $5)
