-- Notes how it went when a source was asked at an address; nothing if it was given another meanwhile.
create or replace function rates.job_feed_pulled(
    p_tenant_id uuid, p_now timestamptz, p_request_id uuid, p_source text, p_url text, p_outcome jsonb)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform platform.begin_job(p_tenant_id, 'rate feed ' || p_source, p_now, p_request_id);
    update rates.rate_feeds f set pulled_at = p_now, pull_outcome = p_outcome
     where f.tenant_id = p_tenant_id and f.source = p_source and f.pull_url = p_url;
end
$$;
