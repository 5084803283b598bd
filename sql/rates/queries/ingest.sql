-- rates.ingest: $1 source text, $2 external_batch_id text, $3 fingerprint bytea, $4 rows jsonb, $5 options jsonb
select rates.ingest_feed_batch($1, $2, $3, $4, $5) as response
