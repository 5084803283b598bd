-- users.job_directory_keep: keeps a page. $1 tenant_id uuid, $2 run_id uuid, $3 epoch int4, $4 rows jsonb, $5 cursor jsonb, $6 lease int4, $7 reason text, $8 now timestamptz, $9 request_id uuid
select users.job_directory_keep($1, $2, $3, $4, $5, $6, $7, $8, $9) as groups_left
