-- users.job_purge: $1 tenant_id uuid, $2 now timestamptz, $3 request_id uuid, $4 limit int4
select users.job_purge($1, $2, $3, $4) as sessions
