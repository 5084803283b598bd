-- audit.job_archive_written: $1 tenant_id uuid, $2 month date, $3 path text, $4 sha256 bytea
select audit.job_archive_written($1, $2, $3, $4)
