-- rates.job_ingest: $1 tenant_id uuid, $2 now timestamptz, $3 request_id uuid, $4-$8 as rates.ingest
select rates.job_ingest_feed_batch($1, $2, $3, $4, $5, $6, $7, $8) as response
