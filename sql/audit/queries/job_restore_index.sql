-- audit.job_restore_index: $1 month date
select audit.job_restore_index($1) as made
