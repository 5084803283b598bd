-- What the retention of one record of this firm hangs on: its classes, when it was made, when its clock started, the
-- holds over it, and whether another record needs it. No row where there is no such record. p_table is a table of
-- audit.retention_tables, else nothing is found.
create or replace function audit.retention_facts(p_table text, p_record_id text)
returns table (classes text[], disposal text, created_on date, clock_on date, holds jsonb, needed boolean)
language plpgsql stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_zone text := (select t.time_zone from tenants.tenants t where t.tenant_id = v_tenant);
    v_map audit.retention_tables;
begin
    select * into v_map from audit.retention_tables m where m.table_name = p_table;
    if not found then
        return;
    end if;
    return query execute format($q$
        select $1, $2, audit.day_of(%s, $3), audit.day_of(%s, $3),
               (select coalesce(jsonb_agg(distinct jsonb_build_object('hold_id', x.hold_id, 'kind', x.kind)), '[]')
                  from audit.holds_on($4, $5, audit.record_key(to_jsonb(r), $6), to_jsonb(r)) x), %s
          from %s r where %s and %s$q$, v_map.created_on, v_map.clock_on, v_map.needed_while, p_table,
          audit.key_predicate(p_table, v_map.key_columns, p_record_id), audit.own_rows(v_map))
    using v_map.classes, v_map.disposal, v_zone, v_tenant, p_table, v_map.key_columns;
exception
    -- Text that is no value of the key's type names nothing.
    when invalid_text_representation or numeric_value_out_of_range then
        return;
end
$$;
