-- Compares what a run has read with what is here, and repairs it. Gives the run's report; null when the run is in
-- another's hands.
create or replace function users.job_directory_finish(
    p_tenant_id uuid, p_run_id uuid, p_epoch integer, p_now timestamptz, p_request_id uuid)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform platform.begin_job(p_tenant_id, 'compare directory', p_now, p_request_id);
    perform from users.directory_runs r
     where r.tenant_id = p_tenant_id and r.run_id = p_run_id and r.lease_epoch = p_epoch and r.status = 'reading'
       for update;
    if not found then
        return null;
    end if;
    perform users.settle_directory_run(p_tenant_id, p_run_id, false);
    return (select jsonb_build_object('status', r.status, 'counts', r.counts, 'reason', r.reason)
              from users.directory_runs r where r.tenant_id = p_tenant_id and r.run_id = p_run_id);
end
$$;
