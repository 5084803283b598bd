-- audit.job_archive_previous: $1 tenant_id uuid, $2 month date
select p.month, p.manifest_sha256 from audit.job_archive_previous($1, $2) p
