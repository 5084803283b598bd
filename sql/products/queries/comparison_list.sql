-- products.comparison_list: saved comparisons, newest first. $1 user_id uuid (NULL: everybody), $2 from timestamptz
-- and $3 before timestamptz (NULL: no bound), $4-$5 cursor: comparison_date timestamptz, comparison_id uuid,
-- $6 limit bigint
select c.comparison_id, c.user_id, c.product_ids, c.investment_amount, c.currency, c.horizon_months, c.as_of,
       c.known_at, c.comparison_date, c.result_sha256
  from products.product_comparisons c
 where c.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and ($1::uuid is null or c.user_id = $1::uuid)
   and c.comparison_date >= coalesce($2::timestamptz, '-infinity')
   and c.comparison_date < coalesce($3::timestamptz, 'infinity')
   and (c.comparison_date, c.comparison_id)
       < (coalesce($4::timestamptz, 'infinity'), coalesce($5::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 order by c.comparison_date desc, c.comparison_id desc
 limit $6::bigint
