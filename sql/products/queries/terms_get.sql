-- products.terms_get: one published text. $1 product_id uuid, $2 terms_version integer
select t.terms_version, t.text, t.sha256, t.effective_at, t.created_at, t.created_by
  from products.terms_versions t
 where t.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and t.product_id = $1::uuid and t.terms_version = $2::integer
