-- Makes the monthly partitions from the month of p_from on, p_months of them, and leaves those that exist alone.
-- A partition inherits neither row security nor the guard against TRUNCATE and is open to whoever has rights on it
-- directly, so all of that is set in the same transaction. Returns how many were made. Bounds are UTC months.
create or replace function audit.ensure_partitions(p_from date, p_months integer)
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
as $$
declare
    v_month date := date_trunc('month', p_from)::date;
    v_name text;
    v_made integer := 0;
begin
    for i in 1 .. p_months loop
        v_name := 'audit_events_' || to_char(v_month, 'YYYY_MM');
        if to_regclass('audit.' || v_name) is null then
            execute format('create table audit.%I partition of audit.audit_events for values from (%L) to (%L)',
                v_name, v_month::text || ' 00:00:00+00', (v_month + interval '1 month')::date::text || ' 00:00:00+00');
            perform audit.fence_partition(v_name);
            execute format('alter table audit.%I enable always trigger audit_events_append_only', v_name);
            execute format('alter table audit.%I enable always trigger audit_events_scrub', v_name);
            v_made := v_made + 1;
        end if;
        v_month := (v_month + interval '1 month')::date;
    end loop;
    return v_made;
end
$$;
