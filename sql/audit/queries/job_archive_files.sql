-- audit.job_archive_files: $1 tenant_id uuid, $2 month date
select f.* from audit.job_archive_files($1, $2) f
