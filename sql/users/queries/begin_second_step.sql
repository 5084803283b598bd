-- users.begin_second_step: $1 token hash, $2 method, $3 challenge hash, $4 credential id, $5 caller
select wait, user_id, secrets, passkey from users.begin_second_step($1, $2, $3, $4, $5)
