-- audit.retention_record: what the retention of one record hangs on. $1 table_name text, $2 record_id text
select f.classes, f.disposal, f.created_on, f.clock_on,
       (select coalesce(jsonb_agg(jsonb_build_object('hold_id', x ->> 'hold_id', 'kind', x ->> 'kind', 'name', h.name)
                   order by h.placed_at, x ->> 'kind'), '[]')
          from jsonb_array_elements(f.holds) x
          join audit.legal_holds h on h.hold_id = (x ->> 'hold_id')::uuid
           and h.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))::text as holds,
       f.needed or jsonb_array_length(f.holds) > 0 as held,
       (select coalesce(jsonb_agg(jsonb_build_object('class', v.class, 'basis', v.basis, 'origin', v.origin,
                   'version', v.version, 'in_force_from', v.in_force_from, 'replaced_on', v.replaced_on,
                   'months', v.months, 'days', v.days, 'source', v.source)), '[]')
          from audit.retention_versions(t.tenant_id) v where v.class = any (f.classes))::text as versions,
       t.fiscal_year_end_month::integer as fiscal_month, t.fiscal_year_end_day::integer as fiscal_day,
       platform.business_date() as today
  from audit.retention_facts($1::text, $2::text) f
  join tenants.tenants t on t.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
