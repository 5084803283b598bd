-- users.job_purge_tokens: $1 now timestamptz
select one_time_tokens, throttles from users.job_purge_tokens($1)
