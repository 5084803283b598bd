-- No row under a legal hold is deleted, by whichever statement, cascade or role. Row trigger of every guarded table,
-- put there by audit.guard_tables.
create or replace function audit.hold_guard()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_table constant text := tg_table_schema || '.' || tg_table_name;
    v_row constant jsonb := to_jsonb(old);
    v_tenant constant uuid := v_row ->> 'tenant_id';
    v_map audit.retention_tables;
    v_hold uuid;
begin
    select * into v_map from audit.retention_tables m where m.table_name = v_table;
    if v_tenant is null then
        v_hold := audit.hold_anywhere(v_table, audit.record_key(v_row, v_map.key_columns), v_row);
    else
        v_hold := audit.hold_over(v_tenant, v_table, audit.record_key(v_row, v_map.key_columns), v_row);
    end if;
    if v_hold is not null then
        perform platform.fail('WA409', 'legal_hold', format('%s is under legal hold %s', v_table, v_hold));
    end if;
    return old;
end
$$;
