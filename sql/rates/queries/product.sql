-- rates.product: the product whose rates are asked for, if the reader may see it; the version of its rates is the
-- number of rows ever recorded. $1 product_id uuid
select p.product_id, platform.business_date() as business_date,
       (select count(*) from rates.rate_history v
         where v.tenant_id = p.tenant_id and v.product_id = p.product_id) as rate_version
  from products.products p
 where p.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and p.product_id = $1::uuid
