-- The holds of a firm that cover a record, one row for each scope that does. p_row has its columns, of which those with
-- persons and parents count. Asked for each row that is deleted, so that each kind of scope is found by its own index:
-- a firm may hold thousands of records one by one; in this language, so that it is planned once and not for each row.
create or replace function audit.holds_on(p_tenant_id uuid, p_table text, p_record_id text, p_row jsonb)
returns table (hold_id uuid, kind text)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select s.hold_id, s.kind
      from audit.retention_tables m
     cross join lateral (
            select w.hold_id, w.kind from audit.legal_hold_scopes w
             where w.tenant_id = p_tenant_id and w.kind in ('tenant', 'class', 'table')
               and case w.kind
                   when 'tenant' then true
                   when 'class' then w.class = any (m.classes)
                   when 'table' then w.table_name = p_table
                   end
            union all
            select r.hold_id, r.kind from audit.legal_hold_scopes r
             where r.tenant_id = p_tenant_id and r.kind = 'record'
               and r.record_id = any (array(select p_record_id union select p_row ->> x.value from jsonb_each_text(m.parents) x))
               and (r.table_name = p_table and r.record_id = p_record_id
                    or r.record_id = p_row ->> (m.parents ->> r.table_name))
            union all
            select p.hold_id, p.kind from audit.legal_hold_scopes p
             where p.tenant_id = p_tenant_id and p.kind = 'person'
               and p.person_id::text = any (array(select p_row ->> c from unnest(m.persons) c))) s
      join audit.legal_holds h on h.tenant_id = p_tenant_id and h.hold_id = s.hold_id and h.status <> 'released'
     where m.table_name = p_table;
end
$$;
