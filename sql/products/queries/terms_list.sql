-- products.terms_list: the published texts of a product, newest first. $1 product_id uuid, $2 cursor: before this
-- terms_version integer, $3 limit bigint
select t.terms_version, t.sha256, length(t.text) as length, t.effective_at, t.created_at, t.created_by
  from products.terms_versions t
 where t.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and t.product_id = $1::uuid and t.terms_version < coalesce($2::integer, 2147483647)
 order by t.terms_version desc
 limit $3::bigint
