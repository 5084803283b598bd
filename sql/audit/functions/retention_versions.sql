-- Every version of every rule, the platform's and the firm's own, with the day on which the next one replaced it.
create or replace function audit.retention_versions(p_tenant_id uuid)
returns table (
    class text, basis text, origin text, version bigint, in_force_from date, replaced_on date, months integer,
    days integer, source text)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select r.class, c.basis, 'platform', r.version::bigint, r.in_force_from,
           lead(r.in_force_from) over (partition by r.class order by r.version), r.months, r.days, r.source
      from audit.retention_rules r join audit.retention_classes c on c.class = r.class
    union all
    select o.class, c.basis, 'firm', o.version, o.in_force_from,
           lead(o.in_force_from) over (partition by o.class order by o.version), o.months, o.days, o.reason
      from audit.retention_overrides o join audit.retention_classes c on c.class = o.class
     where o.tenant_id = p_tenant_id
$$;
