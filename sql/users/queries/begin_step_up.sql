-- users.begin_step_up: $1 method, $2 challenge hash, $3 credential id
select wait, secrets, passkey from users.begin_step_up($1, $2, $3)
