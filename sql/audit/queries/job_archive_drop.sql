-- audit.job_archive_drop: $1 month date
select audit.job_archive_drop($1) as went
