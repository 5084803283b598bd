-- audit.job_archive_put: $1 tenant_id uuid, $2 month date, $3 file jsonb
select audit.job_archive_put($1, $2, $3)
