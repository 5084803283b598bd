-- jobs.let_go: lets a run go. $1 tenant_id uuid, $2 run_id uuid, $3 epoch integer, $4 error text, $5 attempts integer,
-- $6 now timestamptz
select jobs.let_go($1, $2, $3, $4, $5, $6) as state
