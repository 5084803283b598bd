-- Whether a row goes because a disposal that two people agreed on takes it, or what it belongs to, in this very
-- transaction. The only way past the guards of what is otherwise never deleted.
create or replace function audit.is_disposed_of(p_table text, p_row jsonb)
returns boolean
language sql stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select exists (
        select from audit.disposal_items i
          join audit.disposals d on d.tenant_id = i.tenant_id and d.disposal_id = i.disposal_id and d.status = 'approved'
          join audit.retention_tables m on m.table_name = p_table
         where i.tenant_id = (p_row ->> 'tenant_id')::uuid and i.xact = pg_current_xact_id_if_assigned()
           and (d.table_name = p_table and i.record_id = audit.record_key(p_row, m.key_columns)
                or m.disposal = 'parent' and p_row ->> (m.parents ->> d.table_name) = i.record_id))
$$;
