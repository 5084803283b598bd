-- users.job_purge: $1 now timestamptz, $2 request_id uuid
select sessions, one_time_tokens, throttles from users.job_purge($1, $2)
