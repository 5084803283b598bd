-- Lets a run go before its end: to be gone on with (no p_error), or because it failed, for the p_attempts-th time for
-- good. Gives its state; none when it is in other hands.
create or replace function jobs.let_go(
    p_tenant_id uuid, p_run_id uuid, p_epoch integer, p_error text, p_attempts integer, p_now timestamptz)
returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_run jobs.runs;
begin
    perform jobs.act_for(p_tenant_id, 'jobs', p_now, p_run_id);
    select * into v_run from jobs.runs r
     where r.tenant_id = p_tenant_id and r.run_id = p_run_id and r.epoch = p_epoch and r.state = 'running'
       for update;
    if not found then
        return null;
    end if;
    if p_error is not null and v_run.failures + 1 >= p_attempts then
        perform jobs.give_up(p_tenant_id, p_run_id, p_error);
        return 'failed';
    end if;
    update jobs.runs r
       set state = 'waiting', lease_owner = null, lease_until = null, error = left(p_error, 2000),
           failures = r.failures + (p_error is not null)::integer
     where r.tenant_id = p_tenant_id and r.run_id = p_run_id;
    return 'waiting';
end
$$;
