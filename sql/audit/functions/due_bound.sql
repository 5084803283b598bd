-- No record of these classes is due whose clock started on this day or later: every record keeps at least what the versions
-- promise that nothing has replaced, and the longest of those has not run since. A week more than that, so that months of
-- different lengths, time zones and the day on which it is over everywhere need no thought. NULL: a class has no rule,
-- nothing is due.
create or replace function audit.due_bound(p_tenant_id uuid, p_classes text[], p_today date)
returns date
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select case when count(distinct v.class) = cardinality(p_classes)
                then min((p_today + 7 - v.days - make_interval(months => v.months))::date) end
      from audit.retention_versions(p_tenant_id) v
     where v.class = any (p_classes) and v.replaced_on is null
$$;
