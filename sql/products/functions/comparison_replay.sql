-- The facts a saved comparison rested on, from the very versions and rate rows it used. Runs as the owner because a
-- product may have been deactivated since; gives only what belongs to a comparison of the caller's tenant.
create or replace function products.comparison_replay(p_comparison_id uuid)
returns table (
    product_id uuid, product_version bigint, snapshot jsonb, rate_history_id uuid, base_rate numeric,
    bonus_rate numeric, rate_effective_date date)
language sql stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select i.product_id, i.product_version, v.snapshot, i.rate_history_id, i.base_rate, i.bonus_rate, h.effective_date
      from products.product_comparisons c
      join products.product_comparison_items i on i.tenant_id = c.tenant_id and i.comparison_id = c.comparison_id
      join products.product_versions v
        on v.tenant_id = i.tenant_id and v.product_id = i.product_id and v.version = i.product_version
      left join rates.rate_history h on h.tenant_id = i.tenant_id and h.rate_history_id = i.rate_history_id
     where c.tenant_id = platform.current_tenant_id() and c.comparison_id = p_comparison_id
     order by array_position(c.product_ids, i.product_id)
$$;
