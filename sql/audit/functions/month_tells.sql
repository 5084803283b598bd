-- Whether an event of a firm in a month says of itself that it is about what a hold over a person or a record covers: by a
-- column that audit.retention_tables knows to name a person, a parent or the record, alone (user_id) or with others
-- (user_ids). The events of each table whose records may be covered are looked at once for each such column, however many
-- holds there are. Inner part of audit.partition_may_go.
create or replace function audit.month_tells(p_tenant_id uuid, p_from timestamptz, p_to timestamptz)
returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v record;
begin
    for v in
        with held as materialized (
            select s.kind, s.table_name, s.record_id, s.person_id::text as person
              from audit.legal_hold_scopes s
              join audit.legal_holds h on h.tenant_id = s.tenant_id and h.hold_id = s.hold_id and h.status <> 'released'
             where s.tenant_id = p_tenant_id and s.kind in ('person', 'record'))
        select split_part(m.table_name, '.', 2) as resource, m.evidence, x.name, array_agg(distinct x.id) as ids
          from audit.retention_tables m
         cross join lateral (
                select c.name, d.person as id from unnest(m.persons) c (name), held d where d.kind = 'person'
                union all
                select p.value, d.record_id from jsonb_each_text(m.parents) p join held d on d.table_name = p.key
                union all
                select m.key_columns[1], d.record_id from held d
                 where d.table_name = m.table_name and cardinality(m.key_columns) = 1) x
         where x.id is not null
         group by 1, 2, 3
    loop
        if exists (
            select from audit.audit_events e
             where e.tenant_id = p_tenant_id and e.occurred_at >= p_from and e.occurred_at < p_to
               and (e.resource_type = v.resource or e.action = v.evidence)
               and (e.new_values ->> v.name = any (v.ids) or e.old_values ->> v.name = any (v.ids)
                    or e.details ->> v.name = any (v.ids) or e.new_values -> (v.name || 's') ?| v.ids
                    or e.details -> (v.name || 's') ?| v.ids)) then
            return true;
        end if;
    end loop;
    return false;
end
$$;
