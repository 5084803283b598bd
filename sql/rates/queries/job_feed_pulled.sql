-- rates.job_feed_pulled: $1 tenant_id uuid, $2 now timestamptz, $3 request_id uuid, $4 source text, $5 url text,
-- $6 outcome jsonb
select rates.job_feed_pulled($1, $2, $3, $4, $5, $6)
