-- products.active_sheet: what may be sold today, by the documented function. $1 type text, $2 rate_min numeric,
-- $3 rate_max numeric, $4-$6 cursor: type text, rate_key bigint, product_id uuid of the last row, $7 limit bigint.
-- Key and currency are not among the documented columns, so they come from the product itself.
select f.product_id, f.cusip, f.product_name, f.product_type, f.description, p.currency, f.minimum_investment,
       f.maximum_investment, f.base_rate, f.bonus_rate, f.return_of_premium, f.return_of_premium_percentage,
       f.start_date, f.end_date, p.rate_key
  from products.get_active_products_with_rates($1::text::varchar, $2::numeric, $3::numeric) f
  join products.products p
    on p.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and p.product_id = f.product_id
 where $6::uuid is null
    or (p.product_type, p.rate_key, p.product_id) > ($4::text::varchar, $5::bigint, $6::uuid)
 order by p.product_type, p.rate_key, p.product_id
 limit $7::bigint
