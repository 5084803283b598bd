-- audit.job_propose_disposals: $1 tenant_id uuid, $2 now timestamptz, $3 request_id uuid
select audit.job_propose_disposals($1, $2, $3) as made
