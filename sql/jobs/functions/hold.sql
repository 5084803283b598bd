-- Sets the context of a run and locks its row for the rest of the transaction, so that a chunk and its place are one.
-- Refused to whoever lost it: a stalled process that wakes up writes nothing.
create or replace function jobs.hold(
    p_tenant_id uuid, p_run_id uuid, p_epoch integer, p_now timestamptz, p_request_id uuid)
returns jobs.runs
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_run jobs.runs;
begin
    perform set_config('app.current_tenant_id', p_tenant_id::text, true);
    select * into v_run from jobs.runs r
     where r.tenant_id = p_tenant_id and r.run_id = p_run_id and r.epoch = p_epoch and r.state = 'running'
       for update;
    if not found then
        perform platform.fail('WA409', 'state_conflict', 'The run is in other hands');
    end if;
    perform jobs.act_for(p_tenant_id, v_run.job, p_now, p_request_id);
    return v_run;
end
$$;
