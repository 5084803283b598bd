-- products.availability_list: the windows of a product, removed ones too. $1 product_id uuid
select a.availability_id, a.start_date, a.end_date, a.is_active, a.created_at, a.created_by
  from products.product_availability a
 where a.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and a.product_id = $1::uuid
 order by a.start_date, a.availability_id
