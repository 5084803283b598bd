-- Whether a month of a firm's log tells of what a hold over a person or a record covers under another id than theirs: of a
-- row that names the person, or belongs to the record, by a column that audit.retention_tables knows. A row that a hold
-- covers is still there: the events of its table are found by its id, through an index. Rows that nothing guards may be
-- gone, and some tables write no events of their own: the events of these, which are few, are read for what they say, of one
-- (user_id) or of several (user_ids). Each column is looked at once, however many holds there are. Inner part of
-- audit.partition_may_go.
create or replace function audit.month_tells(p_tenant_id uuid, p_from timestamptz, p_to timestamptz)
returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v record;
    v_found boolean;
begin
    for v in
        with held as materialized (
            select s.kind, s.table_name, s.record_id, s.person_id::text as person
              from audit.legal_hold_scopes s
              join audit.legal_holds h on h.tenant_id = s.tenant_id and h.hold_id = s.hold_id and h.status <> 'released'
             where s.tenant_id = p_tenant_id and s.kind in ('person', 'record'))
        select m as map, x.name, x.by_row, array_agg(distinct x.id) as ids
          from audit.retention_tables m
         cross join lateral (
                select c.name, d.person as id, m.guarded as by_row
                  from unnest(m.persons) c (name), held d where d.kind = 'person'
                union all
                select p.value, d.record_id, m.guarded
                  from jsonb_each_text(m.parents) p join held d on d.table_name = p.key
                union all
                select m.key_columns[1], d.record_id, false from held d
                 where d.table_name = m.table_name and cardinality(m.key_columns) = 1 and m.evidence <> 'trigger') x
         -- That a hold was placed tells nothing of what it is over.
         where m.disposal <> 'archive' and m.table_name <> 'audit.legal_hold_scopes'
         group by m, x.name, x.by_row
         order by x.by_row desc
    loop
        if v.by_row then
            execute format($q$
                select exists (
                    select from %1$s r
                     cross join lateral (
                           select from audit.audit_events e
                            where e.tenant_id = $1 and e.resource_id = r.%2$I::text
                              and e.occurred_at >= $2 and e.occurred_at < $3 limit 1) e
                     where %3$s and %4$s)$q$,
                (v.map).table_name, (v.map).key_columns[1], audit.own_rows(v.map),
                audit.names_one_of((v.map).table_name, v.name))
            into v_found using p_tenant_id, p_from, p_to, v.ids;
        else
            -- Planned for these very values: of most kinds a month has few events, of some nearly all.
            execute $q$
                select exists (
                    select from audit.audit_events e
                     where e.tenant_id = $1 and e.occurred_at >= $2 and e.occurred_at < $3
                       and (e.resource_type = $5 or e.action = $6)
                       and (e.new_values ->> $7 = any ($4) or e.old_values ->> $7 = any ($4)
                            or e.details ->> $7 = any ($4) or e.new_values -> ($7 || 's') ?| $4
                            or e.details -> ($7 || 's') ?| $4))$q$
            into v_found using p_tenant_id, p_from, p_to, v.ids, split_part((v.map).table_name, '.', 2),
                (v.map).evidence, v.name;
        end if;
        if v_found then
            return true;
        end if;
    end loop;
    return false;
end
$$;
