-- audit.job_archive_begin: $1 month date, $2 now timestamptz
select audit.job_archive_begin($1, $2) as begun
