-- audit.job_archive_detach: $1 month date
select audit.job_archive_detach($1) as went
