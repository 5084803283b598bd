-- audit.job_seal_take: $1 tenant_id uuid, $2 limit integer
select s.* from audit.job_seal_take($1, $2) s
