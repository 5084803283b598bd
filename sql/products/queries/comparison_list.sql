-- products.comparison_list: saved comparisons, newest first. $1 user_id uuid (NULL: everybody), $2 day date in the firm's
-- time zone (NULL: any), $3-$4 cursor: comparison_date timestamptz, comparison_id uuid, $5 limit bigint,
-- $6 anybody's boolean (else the caller's own only)
select c.comparison_id, c.user_id, c.product_ids, c.investment_amount, c.currency, c.horizon_months, c.as_of,
       c.comparison_date
  from products.product_comparisons c
 where c.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and ($1::uuid is null or c.user_id = $1::uuid)
   and ($6::boolean or c.user_id = (select platform.current_user_id()))
   and ($2::date is null or (
        c.comparison_date >= (select $2::date::timestamp at time zone t.time_zone from tenants.tenants t
                               where t.tenant_id = platform.current_tenant_id())
        and c.comparison_date < (select ($2::date + 1)::timestamp at time zone t.time_zone from tenants.tenants t
                                  where t.tenant_id = platform.current_tenant_id())))
   and ($3::timestamptz is null or (c.comparison_date, c.comparison_id) < ($3::timestamptz, $4::uuid))
 order by c.comparison_date desc, c.comparison_id desc
 limit $5::bigint
