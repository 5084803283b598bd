-- S0-102, C0-03: sales roles see active products, product and system administrators all. Both are SELECT policies;
-- writing goes through functions of the owner. The fence between tenants stands around everybody, the owner included.
drop policy if exists tenant_fence on products.products;
create policy tenant_fence on products.products as restrictive for all to public
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
drop policy if exists product_access_policy on products.products;
create policy product_access_policy on products.products for select to application_role using (is_active);
drop policy if exists products_admin_policy on products.products;
create policy products_admin_policy on products.products for select to application_role
    using ((select current_setting('app.current_user_role', true)) in ('ProductAdministrator', 'SystemAdministrator'));
drop policy if exists report_read on products.products;
create policy report_read on products.products for select to app_read_only using (true);
drop policy if exists owner_access on products.products;
create policy owner_access on products.products for all to wealth_owner using (true) with check (true);
drop policy if exists admin_access on products.products;
create policy admin_access on products.products for all to app_admin using (true) with check (true);
