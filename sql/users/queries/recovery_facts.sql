-- users.recovery_facts: $1 token hash bytea, $2 caller jsonb
select email, first_name, last_name, hashes, min_length, firms, questions from users.recovery_facts($1, $2)
