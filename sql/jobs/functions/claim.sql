-- Takes a run for p_lease seconds by the database's clock. outcome: taken; busy, another has it or an earlier one of the
-- job; earlier, an earlier date is not done yet; or the state in which it has ended. Whoever finds a lease that ran out
-- counts that as a failure, and gives the run up after p_attempts of them.
create or replace function jobs.claim(
    p_tenant_id uuid, p_run_id uuid, p_owner uuid, p_lease integer, p_attempts integer, p_now timestamptz)
returns table (outcome text, epoch integer, cursor jsonb, business_date date)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_run jobs.runs;
    v_failures integer;
begin
    perform jobs.act_for(p_tenant_id, 'jobs', p_now, p_run_id);
    select * into v_run from jobs.runs r
     where r.tenant_id = p_tenant_id and r.run_id = p_run_id for update skip locked;
    epoch := v_run.epoch;
    cursor := v_run.cursor;
    business_date := v_run.business_date;
    outcome := 'busy';
    if v_run.state in ('done', 'failed', 'skipped') then
        outcome := v_run.state;
    elsif v_run.run_id is null or v_run.state = 'running' and v_run.lease_until > clock_timestamp() then
        outcome := 'busy';
    elsif exists (select from jobs.runs o
                   where o.tenant_id = p_tenant_id and o.job = v_run.job and o.state in ('waiting', 'running')
                     and o.turn is null and o.business_date < v_run.business_date) then
        outcome := 'earlier';
    else
        v_failures := v_run.failures + (v_run.state = 'running')::integer;
        if v_failures >= p_attempts then
            perform jobs.give_up(p_tenant_id, p_run_id, coalesce(v_run.error, 'It ended without a word'));
            outcome := 'failed';
        else
            update jobs.runs r
               set state = 'running', epoch = r.epoch + 1, failures = v_failures, lease_owner = p_owner,
                   lease_until = clock_timestamp() + make_interval(secs => p_lease),
                   started_at = coalesce(r.started_at, clock_timestamp())
             where r.tenant_id = p_tenant_id and r.run_id = p_run_id;
            epoch := v_run.epoch + 1;
            outcome := 'taken';
        end if;
    end if;
    return next;
exception when unique_violation then
    -- Another run of the job is at work for this tenant.
    outcome := 'busy';
    return next;
end
$$;
