-- jobs.claim: takes a run. $1 tenant_id uuid, $2 run_id uuid, $3 owner uuid, $4 lease integer, $5 attempts integer,
-- $6 now timestamptz
select c.outcome, c.epoch, c.cursor, c.business_date from jobs.claim($1, $2, $3, $4, $5, $6) c
