-- Step of the job analyze-tables (S0-131, S1-55, S2-44, S4-99): renews the planner's statistics of one table after the
-- other, those of partitioned parents included, which autovacuum leaves alone.
create or replace function jobs.analyze_tables(
    p_tenant_id uuid, p_run_id uuid, p_epoch integer, p_chunk integer, p_lease integer, p_now timestamptz,
    p_request_id uuid)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_run jobs.runs := jobs.hold(p_tenant_id, p_run_id, p_epoch, p_now, p_request_id);
    v_table record;
    v_last text := coalesce(v_run.cursor ->> 'table', '');
    v_done integer := 0;
begin
    for v_table in
        select n.nspname, c.relname, format('%I.%I', n.nspname, c.relname) as name
          from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
         where c.relkind in ('r', 'p') and not c.relispartition
           and c.relowner = (select r.oid from pg_catalog.pg_roles r where r.rolname = 'wealth_owner')
           and format('%I.%I', n.nspname, c.relname) > v_last
         order by 3 limit p_chunk
    loop
        execute format('analyze %I.%I', v_table.nspname, v_table.relname);
        v_last := v_table.name;
        v_done := v_done + 1;
    end loop;
    return jobs.keep(p_tenant_id, p_run_id, p_epoch, v_done = p_chunk, jsonb_build_object('table', v_last),
        jsonb_build_object('tables', v_done), null, p_lease);
end
$$;
