-- The tables whose records are disposed of by themselves and of which this firm has no list that is still open, of this
-- class only or of every other one.
create or replace function audit.tables_to_propose(p_class text, p_of_it boolean)
returns setof text
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select m.table_name from audit.retention_tables m
     where m.disposal = 'row' and (p_class = any (m.classes)) = p_of_it
       and not exists (
            select from audit.disposals d
             where d.tenant_id = platform.require_tenant() and d.table_name = m.table_name
               and d.status in ('proposed', 'approved'))
     order by 1
$$;
