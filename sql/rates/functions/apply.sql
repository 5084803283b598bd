-- The one place where rates change: puts each given rate in force over its dates, at most one per product in a call.
-- A rate without end_date holds until the next scheduled one, or for ever. Rows it overlaps are superseded, and what is
-- left of them on either side is recorded again, so that the line stays whole. A rate that is already in force over all
-- its dates is "unchanged". The caller has locked the products. Supersession and insert are one statement, because the
-- exclusion constraint looks at the end of it.
-- Every join is narrowed to the products of the call and nested loops are off (and JIT, which their penalty would wake),
-- so that the cost grows with the call and not with its square, whatever the planner knows of the tables.
-- p_changes: [{ord, product_id, rate_history_id, base_rate, bonus_rate, effective_date, end_date, source, external_id,
-- batch_id, change_id, reason, approved_by, created_by, created_by_user_id}]
create or replace function rates.apply(p_changes jsonb, p_updated_by text)
returns table (ord bigint, product_id uuid, outcome text)
language plpgsql
set search_path = pg_catalog, pg_temp
set enable_nestloop = off set jit = off
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_at timestamptz := clock_timestamp();
    v_result jsonb;
    v_changed uuid[];
    v_ids uuid[] := array(select distinct (x.value ->> 'product_id')::uuid from jsonb_array_elements(p_changes) x);
begin
    with c as materialized (
        select c.*, coalesce(c.end_date, (
                   select min(h.effective_date) - 1 from rates.rate_history h
                    where h.tenant_id = v_tenant and h.product_id = c.product_id and h.superseded_at is null
                      and h.effective_date > c.effective_date)) as until
          from jsonb_to_recordset(p_changes) as c(
            ord bigint, product_id uuid, rate_history_id uuid, base_rate numeric, bonus_rate numeric,
            effective_date date, end_date date, source text, external_id text, batch_id uuid, change_id uuid,
            reason text, approved_by text, created_by text, created_by_user_id uuid)
    ), hit as materialized (
        select c.ord as for_ord, h.*
          from c
          join rates.rate_history h
            on h.tenant_id = v_tenant and h.product_id = c.product_id and h.product_id = any (v_ids)
           and h.superseded_at is null and (c.until is null or h.effective_date <= c.until)
           and (h.end_date is null or h.end_date >= c.effective_date)
    ), same as materialized (
        select c.ord
          from c join hit o on o.for_ord = c.ord
         group by c.ord, c.effective_date, c.until
        having min(o.effective_date) <= c.effective_date
           and bool_and(o.base_rate = c.base_rate and o.bonus_rate = c.bonus_rate)
    ), work as materialized (
        select c.* from c left join same s on s.ord = c.ord where s.ord is null
    ), superseded as (
        update rates.rate_history h
           set superseded_at = v_at
          from hit o join work w on w.ord = o.for_ord
         where h.tenant_id = v_tenant and h.rate_history_id = o.rate_history_id and h.product_id = any (v_ids)
    ), inserted as (
        insert into rates.rate_history (
            tenant_id, rate_history_id, product_id, base_rate, bonus_rate, effective_date, end_date, recorded_at,
            source, external_id, batch_id, change_id, derived_from, reason, approved_by, created_by,
            created_by_user_id)
        select v_tenant, coalesce(w.rate_history_id, gen_random_uuid()), w.product_id, w.base_rate, w.bonus_rate,
               w.effective_date, w.until, v_at, coalesce(w.source, 'manual'), w.external_id, w.batch_id, w.change_id,
               null, w.reason, w.approved_by, w.created_by, w.created_by_user_id
          from work w
        union all
        select v_tenant, gen_random_uuid(), o.product_id, o.base_rate, o.bonus_rate, o.effective_date,
               w.effective_date - 1, v_at, o.source, o.external_id, o.batch_id, o.change_id, o.rate_history_id,
               o.reason, o.approved_by, o.created_by, o.created_by_user_id
          from hit o join work w on w.ord = o.for_ord
         where o.effective_date < w.effective_date
        union all
        select v_tenant, gen_random_uuid(), o.product_id, o.base_rate, o.bonus_rate, w.until + 1, o.end_date, v_at,
               o.source, o.external_id, o.batch_id, o.change_id, o.rate_history_id, o.reason, o.approved_by,
               o.created_by, o.created_by_user_id
          from hit o join work w on w.ord = o.for_ord
         where w.until is not null and (o.end_date is null or o.end_date > w.until)
    )
    select jsonb_agg(jsonb_build_array(c.ord, c.product_id, case when w.ord is null then 'unchanged' else 'applied' end)),
           array_agg(w.product_id) filter (where w.ord is not null)
      into v_result, v_changed
      from c left join work w on w.ord = c.ord;

    if v_changed is not null then
        perform rates.refresh_mirrors(v_changed, platform.business_date(), p_updated_by);
    end if;
    return query
        select (x.value ->> 0)::bigint, (x.value ->> 1)::uuid, x.value ->> 2 from jsonb_array_elements(v_result) x;
end
$$;
