-- audit.job_restore_rows: $1 tenant_id uuid, $2 month date, $3 rows text
select audit.job_restore_rows($1, $2, $3) as rows
