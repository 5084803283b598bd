-- products.recommendation_basis: one of the caller's own comparisons as a recommendation rests on it, and who makes it when.
-- $1 comparison_id uuid
select c.result, c.result_sha256, c.user_id, current_timestamp as created_at,
       left(current_setting('app.current_user_label', true), 255) as created_by
  from products.product_comparisons c
 where c.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and c.comparison_id = $1::uuid
   and c.user_id = platform.current_user_id()
