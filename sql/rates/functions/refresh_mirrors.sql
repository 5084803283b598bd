-- Makes the rate in products.products true for this date: the row in force, or the first to come when none is yet.
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
    with due as materialized (
        select i.product_id, f.base_rate, f.bonus_rate, f.effective_date, n.next_date
          from unnest(p_product_ids) as i(product_id)
         cross join lateral (
        select u.* from (
            (select h.base_rate, h.bonus_rate, h.effective_date, 1 as choice from rates.rate_history h
              where h.tenant_id = v_tenant and h.product_id = i.product_id and h.superseded_at is null
                and h.effective_date <= p_date
              order by h.effective_date desc limit 1)
            union all
            (select h.base_rate, h.bonus_rate, h.effective_date, 2 from rates.rate_history h
              where h.tenant_id = v_tenant and h.product_id = i.product_id and h.superseded_at is null
                and h.effective_date > p_date
              order by h.effective_date limit 1)) u
         order by u.choice limit 1) f
          left join lateral (
        select h.effective_date as next_date from rates.rate_history h
         where h.tenant_id = v_tenant and h.product_id = i.product_id and h.superseded_at is null
           and h.effective_date > greatest(p_date, f.effective_date)
         order by h.effective_date limit 1) n on true
    )
    update products.products p
       set base_rate = d.base_rate, bonus_rate = d.bonus_rate, rate_effective_date = d.effective_date,
           next_rate_date = d.next_date, updated_by = p_updated_by, updated_by_user_id = platform.current_user_id()
      from due d
     where p.tenant_id = v_tenant and p.product_id = d.product_id and p.product_id = any (p_product_ids)
       and (p.base_rate, p.bonus_rate, p.rate_effective_date, p.next_rate_date)
           is distinct from (d.base_rate, d.bonus_rate, d.effective_date, d.next_date);
    get diagnostics v_changed = row_count;
    return v_changed;
end
$$;
