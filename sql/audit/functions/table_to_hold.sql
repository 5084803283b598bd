-- What the map says of a table whose records a hold may cover; the log is guarded by its months. WA422 at p_pointer: it has
-- no records, or nothing guards them.
create or replace function audit.table_to_hold(p_table text, p_pointer text)
returns audit.retention_tables
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_map audit.retention_tables;
    v_instead text;
begin
    select * into v_map from audit.retention_tables m where m.table_name = p_table;
    if not found then
        perform platform.fail('WA422', 'unknown_value', 'is no table with records', p_pointer);
    elsif not v_map.guarded and v_map.disposal <> 'archive' then
        select m.table_name into v_instead from audit.retention_tables m
         where m.guarded and v_map.parents ? m.table_name order by 1 limit 1;
        perform platform.fail('WA422', 'not_applicable', 'holds working data, which no hold keeps'
            || coalesce('; what can be held is ' || v_instead, ''), p_pointer);
    end if;
    return v_map;
end
$$;
