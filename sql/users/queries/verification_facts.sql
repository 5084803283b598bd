-- users.verification_facts: $1 token hash bytea, $2 caller jsonb
select hash from users.verification_facts($1, $2)
