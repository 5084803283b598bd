-- audit.job_erasure_take: $1 tenant_id uuid, $2 erasure_id uuid, $3 now timestamptz, $4 request_id uuid, $5 limit integer,
-- $6-$7 behind: occurred_at timestamptz, event_id uuid
select e.*
  from audit.job_erasure_take($1, $2, $3, $4, $5, coalesce($6::timestamptz, '-infinity'),
           coalesce($7::uuid, '00000000-0000-0000-0000-000000000000')) e
