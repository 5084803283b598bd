-- audit.job_archived: $1 tenant_id uuid, $2 size bigint
select audit.job_archived($1, $2)
