-- users.job_directory_tenants: the firms that have a directory. $1 tenant_id uuid, null for all
select t as tenant_id from users.job_directory_tenants($1) t
