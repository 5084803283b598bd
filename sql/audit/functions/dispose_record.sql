-- Deletes one record and what belongs to it, and says why not: NULL is done. Inner part of job_dispose, which holds the
-- lock of the firm's holds.
create or replace function audit.dispose_record(p_disposal audit.disposals, p_record_id text)
returns text
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_map audit.retention_tables;
    v_child record;
    v_due record;
begin
    select * into v_map from audit.retention_tables m where m.table_name = p_disposal.table_name;
    select * into v_due from audit.due_records(p_disposal.table_name, platform.business_date(), 1, p_record_id);
    if not found then
        return coalesce((select case when f.needed then 'in_use' else 'not_due' end
                           from audit.retention_facts(p_disposal.table_name, p_record_id) f), 'gone');
    elsif v_due.held then
        return 'held';
    end if;
    update audit.disposal_items i set state = 'disposed', xact = pg_current_xact_id()
     where i.tenant_id = p_disposal.tenant_id and i.disposal_id = p_disposal.disposal_id and i.record_id = p_record_id;
    for v_child in select m.table_name, m.parents ->> p_disposal.table_name as link from audit.retention_tables m
                    where m.disposal = 'parent' and m.parents ? p_disposal.table_name loop
        execute format('delete from %s r where r.tenant_id = $1 and %s', v_child.table_name,
            audit.key_predicate(v_child.table_name, array[v_child.link], p_record_id)) using p_disposal.tenant_id;
    end loop;
    execute format('delete from %s r where r.tenant_id = $1 and %s', v_map.table_name,
        audit.key_predicate(v_map.table_name, v_map.key_columns, p_record_id)) using p_disposal.tenant_id;
    return null;
end
$$;
