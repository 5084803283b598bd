-- audit.job_drill_page: $1 tenant_id uuid, $2 month date, $3 after leaf bigint, $4 limit integer
select p.* from audit.job_drill_page($1, $2, $3, $4) p
