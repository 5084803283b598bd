-- jobs.clean_up_rates: a chunk of that job. $1 tenant_id uuid, $2 run_id uuid, $3 epoch integer, $4 chunk integer,
-- $5 lease integer, $6 now timestamptz, $7 request_id uuid
select jobs.clean_up_rates($1, $2, $3, $4, $5, $6, $7) as kept
