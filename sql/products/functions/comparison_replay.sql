-- The facts a saved comparison rested on, found again from what was known at its known_at: the last version recorded by
-- then and the rate in force on its day as believed then. Runs as the owner because a product may have been deactivated
-- since; gives only what belongs to a comparison of the caller's tenant.
create or replace function products.comparison_replay(p_comparison_id uuid)
returns table (
    product_id uuid, product_version bigint, snapshot jsonb, rate_history_id uuid, base_rate numeric,
    bonus_rate numeric, rate_effective_date date)
language sql stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select i.product_id, v.version, v.snapshot, h.rate_history_id, h.base_rate, h.bonus_rate, h.effective_date
      from products.product_comparisons c
     cross join lateral unnest(c.product_ids) with ordinality as i(product_id, position)
     cross join lateral (
        select x.version, x.snapshot from products.product_versions x
         where x.tenant_id = c.tenant_id and x.product_id = i.product_id and x.recorded_at <= c.known_at
         order by x.version desc limit 1) v
      left join lateral rates.rate_in_force(i.product_id, c.as_of, c.known_at) h on true
     where c.tenant_id = platform.current_tenant_id() and c.comparison_id = p_comparison_id
     order by i.position
$$;
