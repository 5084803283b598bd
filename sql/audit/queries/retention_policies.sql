-- audit.retention_policies: the classes of records, each with every version of its rules and the tables that hold them.
-- $1 class text (NULL: all)
select c.class, c.title, c.basis,
       (select coalesce(jsonb_agg(jsonb_build_object('class', v.class, 'basis', v.basis, 'origin', v.origin,
                   'version', v.version, 'in_force_from', v.in_force_from, 'replaced_on', v.replaced_on,
                   'months', v.months, 'days', v.days, 'source', v.source) order by v.origin desc, v.version), '[]')
          from audit.retention_versions((select nullif(current_setting('app.current_tenant_id', true), '')::uuid)) v
         where v.class = c.class)::text as versions,
       array(select m.table_name from audit.retention_tables m where c.class = any (m.classes) order by 1) as tables,
       (select coalesce(max(o.version), 0) from audit.retention_overrides o
         where o.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
           and o.class = c.class) as version
  from audit.retention_classes c
 where $1::text is null or c.class = $1
 order by c.class
