-- rates.list: the rate in force of every product the reader may see, by product. $1 as_of date (NULL: today of
-- the tenant), $2 known_at timestamptz (NULL: now), $3 cursor: after this product_id uuid, $4 limit bigint
select p.product_id, p.cusip, p.product_name, p.product_type, r.rate_history_id, r.base_rate, r.bonus_rate,
       r.effective_date, r.end_date, r.recorded_at, r.source
  from products.products p
 cross join lateral (
    select x.* from rates.rate_in_force(p.product_id, coalesce($1::date, platform.business_date()),
                                         $2::timestamptz) x limit 1) r
 where p.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and p.product_id > coalesce($3::uuid, '00000000-0000-0000-0000-000000000000')
 order by p.product_id
 limit $4::bigint
