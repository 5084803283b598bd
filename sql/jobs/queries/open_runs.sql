-- jobs.open_runs: what is to be done of a job. $1 job text, $2 tenants boolean, $3 zone text, $4 at text, $5 period text,
-- $6 catch_up integer, $7 scheduled timestamptz, $8 tenant_id uuid, $9 date date
select r.tenant_id, r.run_id, r.business_date from jobs.open_runs($1, $2, $3, $4, $5, $6, $7, $8, $9) r
