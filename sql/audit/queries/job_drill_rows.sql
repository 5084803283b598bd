-- audit.job_drill_rows: $1 tenant_id uuid, $2 month date, $3 drill_id uuid, $4 after bigint, $5 rows text
select audit.job_drill_rows($1, $2, $3, $4, $5) as rows
