-- users.job_directory_finish: compares and repairs. $1 tenant_id uuid, $2 run_id uuid, $3 epoch int4, $4 now timestamptz, $5 request_id uuid
select users.job_directory_finish($1, $2, $3, $4, $5) as report
