-- jobs.keep: keeps what a chunk did. $1 tenant_id uuid, $2 run_id uuid, $3 epoch integer, $4 more boolean, $5 cursor jsonb,
-- $6 counts jsonb, $7 report jsonb, $8 lease integer
select jobs.keep($1, $2, $3, $4, $5, $6, $7, $8) as kept
