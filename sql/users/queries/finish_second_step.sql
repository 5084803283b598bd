-- users.finish_second_step: $1 token hash, $2 proof, $3 caller
select tenant_id, user_id, data from users.finish_second_step($1, $2, $3)
