-- products.terms_get: one published text. $1 product_id uuid, $2 terms_version integer (NULL: the one in force)
select t.terms_version, t.text, encode(t.sha256, 'hex') as sha256, t.effective_at, t.created_at, t.created_by
  from products.products p
  join products.terms_versions t
    on t.tenant_id = p.tenant_id and t.product_id = p.product_id
   and t.terms_version = coalesce($2::integer, p.terms_version)
 where p.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and p.product_id = $1::uuid
