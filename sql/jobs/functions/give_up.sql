-- Ends a run that failed as often as it may, and says so in the log of its tenant.
create or replace function jobs.give_up(p_tenant_id uuid, p_run_id uuid, p_error text)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_run jobs.runs;
begin
    update jobs.runs r
       set state = 'failed', failures = r.failures + 1, finished_at = clock_timestamp(), lease_owner = null,
           lease_until = null, error = left(p_error, 2000)
     where r.tenant_id = p_tenant_id and r.run_id = p_run_id
    returning * into v_run;
    perform audit.write(p_tenant_id, 'job.failed', null, 'jobs', p_run_id::text, null, null, jsonb_build_object(
        'job', v_run.job, 'business_date', v_run.business_date, 'failures', v_run.failures));
end
$$;
