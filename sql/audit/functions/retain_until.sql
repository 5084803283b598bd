-- The last day on which a record of these classes must be kept: the latest that any version promises it which was in force
-- since it was made, on the day of a change both of them, so that a shorter rule takes nothing back. NULL is for ever: the
-- clock has not started, a class never ends, or no rule is known. wealth_core::retention says the same with the reasons; a
-- test holds both together.
create or replace function audit.retain_until(p_tenant_id uuid, p_classes text[], p_created date, p_clock date)
returns date
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select case when p_clock is null or count(distinct v.class) < cardinality(p_classes) or bool_or(v.basis = 'never')
                then null
                else max(audit.keep_until(
                         case when v.basis = 'fiscal_year_end'
                              then audit.fiscal_year_end(p_clock, t.fiscal_year_end_month, t.fiscal_year_end_day)
                              else p_clock end, v.months, v.days)) end
      from audit.retention_versions(p_tenant_id) v
      join tenants.tenants t on t.tenant_id = p_tenant_id
     where v.class = any (p_classes)
       and (v.replaced_on is null or v.replaced_on >= coalesce(p_created, '-infinity'))
$$;
