-- products.active_sheet: what may be sold today, by the documented function. $1 type text, $2 rate_min numeric,
-- $3 rate_max numeric, $4-$6 cursor: type text, base_rate numeric, product_id uuid, $7 limit bigint
select f.product_id, f.cusip, f.product_name, f.product_type, f.description, f.minimum_investment,
       f.maximum_investment, f.base_rate, f.bonus_rate, f.return_of_premium, f.return_of_premium_percentage,
       f.start_date, f.end_date
  from products.get_active_products_with_rates($1::text::varchar, $2::numeric, $3::numeric) f
 where $6::uuid is null
    or (f.product_type >= $4::text::varchar
        and (f.product_type, -f.base_rate, f.product_id) > ($4::text::varchar, -($5::numeric), $6::uuid))
 limit $7::bigint
