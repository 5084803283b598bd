-- Step of the job clean-up-rates (S0-134): lists what is due of the rate history, p_chunk records of a table at a time and
-- the oldest first, for a person to approve; dispose-records executes what was approved. A table of which a list is still
-- open waits for the next month. What is in force or to come, known by a saved comparison, or held is on no list.
create or replace function jobs.clean_up_rates(
    p_tenant_id uuid, p_run_id uuid, p_epoch integer, p_chunk integer, p_lease integer, p_now timestamptz,
    p_request_id uuid)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_run jobs.runs := jobs.hold(p_tenant_id, p_run_id, p_epoch, p_now, p_request_id);
    v_table text := v_run.cursor ->> 'table';
    v record;
begin
    -- Behind the last list of a table, or the next table.
    if v_run.cursor ->> 'id' is null then
        select min(t) into v_table from audit.tables_to_propose('rate_history', true) t where t > coalesce(v_table, '');
    end if;
    if v_table is null then
        return jobs.keep(p_tenant_id, p_run_id, p_epoch, false, v_run.cursor, null, null, p_lease);
    end if;
    select * into v from audit.list_due(gen_random_uuid(), v_table, 'The retention period is over', v_run.job, p_chunk,
        (v_run.cursor ->> 'until')::date, v_run.cursor ->> 'id');
    return jobs.keep(p_tenant_id, p_run_id, p_epoch, true, jsonb_build_object('table', v_table) || case
            when not v.more then '{}'
            else jsonb_build_object('until', v.last_until, 'id', v.last_id) end,
        jsonb_build_object('lists', (v.records > 0)::integer, 'records', v.records, 'held', v.held), null, p_lease);
end
$$;
