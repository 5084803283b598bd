-- products.versions_list: the facts of a product after each change, newest first. No row: no such product. One row
-- without a version: none further. $1 product_id uuid, $2 cursor: before this version bigint, $3 limit bigint
select v.version, v.recorded_at, v.snapshot
  from products.products p
  left join lateral (
       select x.version, x.recorded_at, x.snapshot
         from products.product_versions x
        where x.tenant_id = p.tenant_id and x.product_id = p.product_id
          and x.version < coalesce($2::bigint, 9223372036854775807)
        order by x.version desc
        limit $3::bigint) v on true
 where p.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and p.product_id = $1::uuid
 order by v.version desc
