-- products.availability_get: one window with the product's version. $1 product_id uuid, $2 availability_id uuid
select p.version, a.availability_id, a.start_date, a.end_date, a.is_active, a.created_at, a.created_by
  from products.products p
  join products.product_availability a on a.tenant_id = p.tenant_id and a.product_id = p.product_id
 where p.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and p.product_id = $1::uuid and a.availability_id = $2::uuid
