-- Notes the runs of one job that are due for one tenant by p_scheduled, those of missed days in between included, at most
-- p_catch_up of them. Inner part of jobs.open_runs, which has set the tenant. p_date: this period, again if it had failed,
-- and those missed before it: once it is noted nobody would look for them.
create or replace function jobs.plan_runs(
    p_tenant_id uuid, p_zone text, p_job text, p_at interval, p_period text, p_catch_up integer, p_scheduled timestamptz,
    p_date date)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    -- On the tenant's own calendar, so that an hour that is left out or comes twice moves no date.
    v_local timestamp := (p_scheduled at time zone p_zone) - p_at;
    v_step interval := case p_period when 'quarter' then interval '3 months' else ('1 ' || p_period)::interval end;
    v_to date := jobs.period_start(p_period, coalesce(p_date, v_local::date));
    v_from date := v_to;
begin
    if p_date > v_local::date then
        perform platform.fail('WA422', 'validation_failed', 'This day has not come yet', '/date');
    end if;
    -- A firm or job that is new has missed nothing.
    select case when count(*) = 0 then v_to
                else greatest((max(r.business_date) + v_step)::date, (v_to - p_catch_up * v_step)::date) end
      into v_from
      from jobs.runs r where r.tenant_id = p_tenant_id and r.job = p_job and r.turn is null;
    if p_date is not null then
        v_from := least(v_from, v_to);
        update jobs.runs r
           set state = 'waiting', failures = 0, finished_at = null
         where r.tenant_id = p_tenant_id and r.job = p_job and r.turn is null and r.business_date = v_to
           and r.state in ('failed', 'skipped');
    end if;
    insert into jobs.runs (tenant_id, job, business_date, scheduled_at)
    select p_tenant_id, p_job, d::date, p_scheduled from generate_series(v_from::timestamp, v_to::timestamp, v_step) d
    on conflict do nothing;
    if p_catch_up = 0 and p_date is null then
        perform jobs.skip_before(p_tenant_id, p_job, v_to, null);
    end if;
end
$$;
