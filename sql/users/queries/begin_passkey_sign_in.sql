-- users.begin_passkey_sign_in: $1 challenge hash, $2 credential id, $3 caller
select user_id, passkey from users.begin_passkey_sign_in($1, $2, $3)
