-- users.begin_totp_confirmation: $1 factor_id uuid
select wait, secret, key_version from users.begin_totp_confirmation($1)
