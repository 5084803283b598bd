-- Puts the guards of audit.retention_tables on their tables: held rows cannot be deleted, and no table with records can
-- be emptied at one stroke.
create or replace function audit.guard_tables()
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
set client_min_messages = warning
as $$
declare
    v_map record;
begin
    for v_map in select m.table_name, m.record_when from audit.retention_tables m where m.guarded order by 1 loop
        execute format('drop trigger if exists hold_guard on %s', v_map.table_name);
        execute format('create trigger hold_guard before delete on %s for each row when (%s) '
            'execute function audit.hold_guard()', v_map.table_name, v_map.record_when);
        execute format('alter table %s enable always trigger hold_guard', v_map.table_name);
        execute format('drop trigger if exists hold_guard_truncate on %s', v_map.table_name);
        execute format('create trigger hold_guard_truncate before truncate on %s for each statement '
            'execute function audit.append_only()', v_map.table_name);
        execute format('alter table %s enable always trigger hold_guard_truncate', v_map.table_name);
    end loop;
end
$$;
