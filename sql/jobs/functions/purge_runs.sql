-- Step of the job purge-runs: forgets runs that are over: turns after a week, runs of a date after two years, and none that
-- failed before somebody could have seen it, a year.
create or replace function jobs.purge_runs(
    p_tenant_id uuid, p_run_id uuid, p_epoch integer, p_chunk integer, p_lease integer, p_now timestamptz,
    p_request_id uuid)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_run jobs.runs := jobs.hold(p_tenant_id, p_run_id, p_epoch, p_now, p_request_id);
    v_tenant uuid;
    v_left bigint := p_chunk;
    v_count bigint;
begin
    for v_tenant in
        select x.tenant_id from (
            select t.tenant_id from tenants.tenants t union all select '00000000-0000-0000-0000-000000000000') x
         where x.tenant_id >= coalesce((v_run.cursor ->> 'tenant_id')::uuid, '00000000-0000-0000-0000-000000000000')
         order by x.tenant_id
    loop
        perform set_config('app.current_tenant_id', v_tenant::text, true);
        delete from jobs.runs r
         where r.tenant_id = v_tenant and r.run_id in (
            select x.run_id from jobs.runs x
             where x.tenant_id = v_tenant and x.state in ('done', 'failed', 'skipped')
               and x.business_date < (p_now at time zone 'UTC')::date - case
                    when x.state = 'failed' then 365 when x.turn is not null then 7 else 730 end
             limit v_left);
        get diagnostics v_count = row_count;
        v_left := v_left - v_count;
        exit when v_left = 0;
    end loop;
    return jobs.keep(p_tenant_id, p_run_id, p_epoch, v_left = 0, jsonb_build_object('tenant_id', v_tenant),
        jsonb_build_object('runs', p_chunk - v_left), null, p_lease);
end
$$;
