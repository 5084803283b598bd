-- audit.job_seal_put: $1 tenant_id uuid, $2 size bigint, $3 rows jsonb, $4 tiles jsonb, $5 checkpoint jsonb
select audit.job_seal_put($1, $2, $3, $4, $5) as size
