-- Step of the job refresh-roll-ups (S0-91, S0-113): the day that ended with the business date, roll-up by roll-up. Every
-- function reporting.roll_up_…(p_date) is one: a context that has something to count adds a function, and nothing here.
create or replace function jobs.refresh_roll_ups(
    p_tenant_id uuid, p_run_id uuid, p_epoch integer, p_chunk integer, p_lease integer, p_now timestamptz,
    p_request_id uuid)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_run jobs.runs := jobs.hold(p_tenant_id, p_run_id, p_epoch, p_now, p_request_id);
    v_name text;
    v_rows bigint := 0;
begin
    select p.proname into v_name from pg_catalog.pg_proc p
     where p.pronamespace = 'reporting'::regnamespace and p.proname like 'roll\_up\_%'
       and (v_run.cursor is null or p.proname > v_run.cursor ->> 'roll_up')
     order by p.proname limit 1;
    if v_name is null then
        return jobs.keep(p_tenant_id, p_run_id, p_epoch, false, v_run.cursor, null, null, p_lease);
    end if;
    execute format('select reporting.%I($1)', v_name) using v_run.business_date into v_rows;
    return jobs.keep(p_tenant_id, p_run_id, p_epoch, true, jsonb_build_object('roll_up', v_name),
        jsonb_build_object(substr(v_name, 9), v_rows), null, p_lease);
end
$$;
