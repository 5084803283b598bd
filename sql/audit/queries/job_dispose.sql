-- audit.job_dispose: $1 tenant_id uuid, $2 now timestamptz, $3 request_id uuid, $4 limit integer
select d.disposal_id, d.disposed, d.kept, d.finished from audit.job_dispose($1, $2, $3, $4) d
