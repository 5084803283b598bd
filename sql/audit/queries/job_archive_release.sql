-- audit.job_archive_release: $1 month date
select audit.job_archive_release($1)
