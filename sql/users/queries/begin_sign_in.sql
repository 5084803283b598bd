-- users.begin_sign_in: $1 email text, $2 tenant text, $3 caller jsonb
select tenant_id, user_id, hash, argon2_in_use, bcrypt_cost, retry_after from users.begin_sign_in($1, $2, $3)
