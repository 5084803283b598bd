-- users.complete_recovery: $1 token hash bytea, $2 new hash text, $3 refused text, $4 caller jsonb
select users.complete_recovery($1, $2, $3, $4) as outcome
