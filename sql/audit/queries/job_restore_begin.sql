-- audit.job_restore_begin: $1 month date
select t.tenant_id from audit.job_restore_begin($1) t (tenant_id)
