-- Notes one turn of a job that comes more than once a day. Earlier ones that nobody finished are left to it: each turn does
-- whatever there is to do.
create or replace function jobs.plan_turn(p_tenant_id uuid, p_job text, p_zone text, p_scheduled timestamptz)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into jobs.runs (tenant_id, job, business_date, turn, scheduled_at)
    values (p_tenant_id, p_job, (p_scheduled at time zone p_zone)::date, p_scheduled, p_scheduled)
    on conflict do nothing;
    perform jobs.skip_before(p_tenant_id, p_job, null, p_scheduled);
end
$$;
