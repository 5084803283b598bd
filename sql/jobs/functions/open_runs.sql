-- Notes what is due of a job at p_scheduled and gives what is to be done: every open run, each tenant's in the order of
-- their dates. p_tenants: one run for each active tenant, whose day it is p_at after its midnight; else one of the platform,
-- by p_zone. p_period: 'turn' for a run at each call, else 'day', 'week', 'month', 'quarter'. p_tenant_id: this one only;
-- p_date: this date, and before it what is open of earlier ones, for which it would have to wait. Visits every firm, and gives ids and no data.
create or replace function jobs.open_runs(
    p_job text, p_tenants boolean, p_zone text, p_at text, p_period text, p_catch_up integer, p_scheduled timestamptz,
    p_tenant_id uuid default null, p_date date default null)
returns table (tenant_id uuid, run_id uuid, business_date date)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    t record;
begin
    for t in
        select x.tenant_id, x.time_zone from tenants.list_active() x
         where p_tenants and (p_tenant_id is null or x.tenant_id = p_tenant_id)
         union all
        select '00000000-0000-0000-0000-000000000000', p_zone where not p_tenants
         order by 1
    loop
        -- Row policies bind the owner: each firm is looked at as itself.
        perform set_config('app.current_tenant_id', t.tenant_id::text, true);
        if p_period = 'turn' then
            perform jobs.plan_turn(t.tenant_id, p_job, t.time_zone, p_scheduled);
        else
            perform jobs.plan_runs(
                t.tenant_id, t.time_zone, p_job, p_at::interval, p_period, p_catch_up, p_scheduled, p_date);
        end if;
        return query
            select r.tenant_id, r.run_id, r.business_date from jobs.runs r
             where r.tenant_id = t.tenant_id and r.job = p_job and r.state in ('waiting', 'running')
               and (p_date is null or r.business_date <= jobs.period_start(p_period, p_date))
             order by r.business_date, r.turn;
    end loop;
    perform set_config('app.current_tenant_id', '', true);
end
$$;
