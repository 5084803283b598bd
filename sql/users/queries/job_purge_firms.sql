-- users.job_purge_firms: the firms behind $1 tenant_id uuid
select t.tenant_id from users.job_purge_firms($1) t (tenant_id)
