-- products.terms_number: the number of the terms in force, 0 for none. $1 product_id uuid
select p.terms_version from products.products p where p.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid) and p.product_id = $1::uuid
