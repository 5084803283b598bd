-- products.active_sheet: what may be sold today, by the documented function. $1 type text, $2 rate_min numeric,
-- $3 rate_max numeric, $4-$6 cursor: type text, rate_key bigint, product_id uuid of the last row, $7 limit bigint.
-- Key and currency are not among the documented columns, so they come from the product itself, which also leads:
-- the function is asked for one product after the other, in the order of their index, until the page is full.
select f.product_id, f.cusip, f.product_name, f.product_type, f.description, p.currency, f.minimum_investment,
       f.maximum_investment, f.base_rate, f.bonus_rate, f.return_of_premium, f.return_of_premium_percentage,
       f.start_date, f.end_date, p.rate_key
  from products.products p
 cross join lateral (
       select r.* from products.get_active_products_with_rates($1::text::varchar, $2::numeric, $3::numeric) r
        where r.product_id = p.product_id offset 0) f
 where p.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and p.is_active
   and ($1::text is null or p.product_type = $1::text)
   and ($2::numeric is null or p.rate_key <= ($2 * -10000)::bigint)
   and ($3::numeric is null or p.rate_key >= ($3 * -10000)::bigint)
   and ($6::uuid is null
        or (p.product_type, p.rate_key, p.product_id) > ($4::text::varchar, $5::bigint, $6::uuid))
 order by p.product_type, p.rate_key, p.product_id
 limit $7::bigint
