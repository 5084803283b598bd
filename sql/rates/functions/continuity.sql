-- The proof of a product's rates: every date of its active windows has exactly one. Rows tell what is wrong: gap (on
-- sale without a rate) or overlap (two rates at once). No row: proven.
create or replace function rates.continuity(p_product_id uuid)
returns table (problem text, from_date date, to_date date)
language sql stable security invoker
as $$
    with current_rates as (
        select h.rate_history_id, h.valid from rates.rate_history h
         where h.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
           and h.product_id = p_product_id and h.superseded_at is null)
    select 'gap', lower(g), upper(g) - 1
      from products.product_availability a
     cross join lateral unnest(
        datemultirange(daterange(a.start_date, a.end_date, '[]'))
        - coalesce((select range_agg(r.valid) from current_rates r), '{}'::datemultirange)) g
     where a.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
       and a.product_id = p_product_id and a.is_active
    union all
    select 'overlap', lower(x.valid * y.valid), upper(x.valid * y.valid) - 1
      from current_rates x join current_rates y on x.rate_history_id < y.rate_history_id and x.valid && y.valid
    order by 2
$$;
