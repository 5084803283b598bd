-- A batch that came as an event and not from a person: the job's context and the batch in one statement. The actor in
-- the audit log is the job, named after the source.
create or replace function rates.job_ingest_feed_batch(
    p_tenant_id uuid, p_now timestamptz, p_request_id uuid, p_source text, p_external_batch_id text,
    p_fingerprint bytea, p_rows jsonb, p_options jsonb)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform platform.begin_job(p_tenant_id, 'rate feed ' || p_source, p_now, p_request_id);
    return rates.ingest_feed_batch(p_source, p_external_batch_id, p_fingerprint, p_rows, p_options);
end
$$;
