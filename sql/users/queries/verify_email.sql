-- users.verify_email: $1 token hash bytea, $2 proven boolean, $3 hash seen text, $4 caller jsonb
select users.verify_email($1, $2, $3, $4) as outcome
