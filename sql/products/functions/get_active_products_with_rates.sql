-- S0-95, as documented: what may be sold today, highest rate first within its type. Written so that PostgreSQL inlines
-- it: conditions and LIMIT of the caller reach the index idx_products_active. Filter and order go by the mirror; what is
-- shown is the rate in force even before the mirror has been turned over: looked up only where that is due, which OFFSET 0
-- keeps the planner from doing for all.
create or replace function products.get_active_products_with_rates(
    p_product_type varchar default null, p_min_rate numeric default null, p_max_rate numeric default null)
returns table (
    product_id uuid, cusip varchar, product_name varchar, product_type varchar, description text,
    minimum_investment numeric, maximum_investment numeric, base_rate numeric, bonus_rate numeric,
    return_of_premium boolean, return_of_premium_percentage numeric, start_date date, end_date date)
language sql stable security invoker
as $$
    select p.product_id, p.cusip, p.product_name, p.product_type, p.description, p.minimum_investment,
           p.maximum_investment, coalesce(r.base_rate, p.base_rate), coalesce(r.bonus_rate, p.bonus_rate),
           p.return_of_premium, p.return_of_premium_percentage, a.start_date, a.end_date
      from products.products p
      join products.product_availability a
        on a.tenant_id = p.tenant_id and a.product_id = p.product_id and a.is_active
       and platform.business_date() between a.start_date and a.end_date
      left join lateral (
           select h.base_rate, h.bonus_rate
             from rates.rate_in_force(p.product_id, platform.business_date()) h
            where p.next_rate_date <= platform.business_date() offset 0) r on true
     where p.is_active
       and (p_product_type is null or p.product_type = p_product_type)
       and (p_min_rate is null or p.rate_key <= (p_min_rate * -10000)::bigint)
       and (p_max_rate is null or p.rate_key >= (p_max_rate * -10000)::bigint)
     order by p.product_type, p.rate_key, p.product_id
$$;
