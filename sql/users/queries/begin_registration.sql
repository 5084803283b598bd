-- users.begin_registration: $1 tenant text, $2 caller jsonb
select tenant_id, firm, min_length, retry_after from users.begin_registration($1, $2)
