-- rates.job_activate: $1 tenant_id uuid, $2 now timestamptz, $3 request_id uuid
select rates.job_activate_due_rates($1, $2, $3) as products
