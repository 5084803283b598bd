-- The scopes of a hold that is placed, each record named as its key is spelled. Refused (WA422) is what names nothing, and
-- what nothing would keep: working data has no guard, and its history is in the audit log. Inner part of audit.place_hold.
create or replace function audit.hold_scopes(p_scopes jsonb)
returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v record;
    v_map audit.retention_tables;
    v_key text;
    v_all jsonb := '[]';
begin
    for v in select s.scope, format('/scopes/%s/', s.n - 1) as at, s.scope ->> 'class' as class,
                    s.scope ->> 'table_name' as table_name, s.scope ->> 'record_id' as record_id
               from jsonb_array_elements(p_scopes) with ordinality s(scope, n) order by s.n loop
        if v.class is not null then
            perform audit.class_to_hold(v.class, v.at || 'class');
        end if;
        if v.table_name is not null then
            v_map := audit.table_to_hold(v.table_name, v.at || 'table_name');
        end if;
        if v.record_id is not null then
            v_key := audit.spelled_key(v.table_name, v_map.key_columns, v.record_id);
            if v_key is null then
                perform platform.fail('WA422', 'wrong_format', format('is no id of %s: %s', v.table_name,
                    array_to_string(v_map.key_columns, '/')), v.at || 'record_id');
            end if;
            v.scope := v.scope || jsonb_build_object('record_id', v_key);
        end if;
        v_all := v_all || v.scope;
    end loop;
    return v_all;
end
$$;
