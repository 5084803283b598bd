-- audit.job_drill_begin: $1 month date, $2 drill_id uuid, $3 rows bigint
select d.month, d.drill_id, d.rows, d.tenants, d.report from audit.job_drill_begin($1, $2, $3) d
