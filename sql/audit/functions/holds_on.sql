-- The holds of a firm that cover a record, one row for each scope that does. p_row has its columns, of which those with
-- persons and parents count.
create or replace function audit.holds_on(p_tenant_id uuid, p_table text, p_record_id text, p_row jsonb)
returns table (hold_id uuid, kind text)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select s.hold_id, s.kind
      from audit.legal_hold_scopes s
      join audit.legal_holds h on h.tenant_id = s.tenant_id and h.hold_id = s.hold_id and h.status <> 'released'
      join audit.retention_tables m on m.table_name = p_table
     where s.tenant_id = p_tenant_id
       and case s.kind
           when 'tenant' then true
           when 'class' then s.class = any (m.classes)
           when 'table' then s.table_name = p_table
           when 'record' then s.table_name = p_table and s.record_id = p_record_id
                              or s.record_id = p_row ->> (m.parents ->> s.table_name)
           when 'person' then s.person_id::text in (select p_row ->> c from unnest(m.persons) c)
           end
$$;
