-- audit.job_erasure_put: $1 tenant_id uuid, $2 erasure_id uuid, $3 now timestamptz, $4 request_id uuid, $5 rows jsonb
select audit.job_erasure_put($1, $2, $3, $4, $5) as erased
