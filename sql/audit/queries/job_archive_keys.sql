-- audit.job_archive_keys: $1 tenant_id uuid, $2 month date, $3 reading boolean
select k.key_id, k.key, k.destroyed_by from audit.job_archive_keys($1, $2, $3) k
