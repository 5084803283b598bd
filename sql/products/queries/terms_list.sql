-- products.terms_list: the published texts of a product, newest first. No row: no such product. One row without a
-- number: no texts, or none further. $1 product_id uuid, $2 cursor: before this terms_version integer, $3 limit bigint
select t.terms_version, t.characters, t.sha256, t.effective_at, t.created_at, t.created_by
  from products.products p
  left join lateral (
       select v.terms_version, length(v.text) as characters, encode(v.sha256, 'hex') as sha256, v.effective_at,
              v.created_at, v.created_by
         from products.terms_versions v
        where v.tenant_id = p.tenant_id and v.product_id = p.product_id
          and v.terms_version < coalesce($2::integer, 2147483647)
        order by v.terms_version desc
        limit $3::bigint) t on true
 where p.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and p.product_id = $1::uuid
 order by t.terms_version desc
