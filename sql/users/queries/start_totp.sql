-- users.start_totp: $1 factor_id uuid, $2 label, $3 secret, $4 key version
select account from users.start_totp($1, $2, $3, $4)
