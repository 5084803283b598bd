-- rates.feeds_to_pull: sources to be asked for their batches. $1 now timestamptz, $2 limit integer
select f.tenant_id, f.source, f.url from rates.feeds_to_pull($1, $2) f
