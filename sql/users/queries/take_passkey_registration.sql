-- users.take_passkey_registration: $1 token hash
select state from users.take_passkey_registration($1)
