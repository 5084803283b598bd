-- audit.job_restore_attach: $1 month date, $2 rows bigint
select audit.job_restore_attach($1, $2)
