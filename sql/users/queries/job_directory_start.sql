-- users.job_directory_start: takes up a comparison. $1 tenant_id uuid, $2 new run_id uuid, $3 lease int4, $4 now timestamptz, $5 request_id uuid
select run_id, epoch, cursor, groups_left from users.job_directory_start($1, $2, $3, $4, $5)
