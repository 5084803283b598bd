-- products.comparison_get: a saved comparison with the exact text of its answer. $1 comparison_id uuid,
-- $2 anybody's boolean (else the caller's own only)
select c.comparison_id, c.user_id, c.product_ids, c.investment_amount, c.currency, c.horizon_months, c.as_of,
       c.known_at, c.comparison_date, c.session_id, c.request, c.result, c.result_sha256, c.engine_version
  from products.product_comparisons c
 where c.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and c.comparison_id = $1::uuid
   and ($2::boolean or c.user_id = platform.current_user_id())
