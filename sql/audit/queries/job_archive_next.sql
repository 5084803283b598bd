-- audit.job_archive_next: $1 now timestamptz, $2 month date
select n.* from audit.job_archive_next($1, $2) n
