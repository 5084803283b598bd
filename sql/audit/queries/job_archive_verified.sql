-- audit.job_archive_verified: $1 tenant_id uuid, $2 month date, $3 part integer
select audit.job_archive_verified($1, $2, $3)
