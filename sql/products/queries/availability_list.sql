-- products.availability_list: the windows of a product, removed ones too. No row: no such product. One row without an
-- id: no windows, or none further. $1 product_id uuid, $2-$3 cursor: start_date date, availability_id uuid,
-- $4 limit bigint
select p.version, w.availability_id, w.start_date, w.end_date, w.is_active, w.created_at, w.created_by
  from products.products p
  left join lateral (
       select a.availability_id, a.start_date, a.end_date, a.is_active, a.created_at, a.created_by
         from products.product_availability a
        where a.tenant_id = p.tenant_id and a.product_id = p.product_id
          and ($2::date is null or (a.start_date, a.availability_id) > ($2::date, $3::uuid))
        order by a.start_date, a.availability_id
        limit $4::bigint) w on true
 where p.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and p.product_id = $1::uuid
 order by w.start_date, w.availability_id
