-- Makes the rate in products.products true for this date: the row in force, or the first to come when none is yet.
-- What is to come is read once for all products: asked one by one, the planner may walk the dates of the whole tenant.
-- Returns how many products changed.
create or replace function rates.refresh_mirrors(p_product_ids uuid[], p_date date, p_updated_by text)
returns integer
language plpgsql
set search_path = pg_catalog, pg_temp
set enable_nestloop = off set jit = off
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_changed integer;
begin
    with coming as materialized (
        select f.product_id, f.base_rate, f.bonus_rate, f.effective_date,
               row_number() over (partition by f.product_id order by f.effective_date) as nth
          from rates.rate_history f
         where f.tenant_id = v_tenant and f.product_id = any (p_product_ids) and f.superseded_at is null
           and f.effective_date > p_date
    ), due as materialized (
        select i.product_id, coalesce(h.base_rate, c.base_rate) as base_rate,
               coalesce(h.bonus_rate, c.bonus_rate) as bonus_rate,
               coalesce(h.effective_date, c.effective_date) as effective_date,
               case when h.effective_date is null then n.effective_date else c.effective_date end as next_date
          from unnest(p_product_ids) as i(product_id)
          left join lateral (
            select x.base_rate, x.bonus_rate, x.effective_date from rates.rate_history x
             where x.tenant_id = v_tenant and x.product_id >= i.product_id and x.superseded_at is null
               and (x.product_id, x.effective_date) <= (i.product_id, p_date)
             order by x.product_id desc, x.effective_date desc limit 1) h on true
          left join coming c on c.product_id = i.product_id and c.nth = 1
          left join coming n on n.product_id = i.product_id and n.nth = 2
    )
    update products.products p
       set base_rate = d.base_rate, bonus_rate = d.bonus_rate, rate_effective_date = d.effective_date,
           next_rate_date = d.next_date, updated_by = p_updated_by, updated_by_user_id = platform.current_user_id()
      from due d
     where p.tenant_id = v_tenant and p.product_id = d.product_id and p.product_id = any (p_product_ids)
       and d.base_rate is not null
       and (p.base_rate, p.bonus_rate, p.rate_effective_date, p.next_rate_date)
           is distinct from (d.base_rate, d.bonus_rate, d.effective_date, d.next_date);
    get diagnostics v_changed = row_count;
    return v_changed;
end
$$;
