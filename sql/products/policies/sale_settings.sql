drop policy if exists tenant_fence on products.sale_settings;
create policy tenant_fence on products.sale_settings as restrictive for all to public
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
drop policy if exists tenant_read on products.sale_settings;
create policy tenant_read on products.sale_settings for select to app_read_only, app_read_write using (true);
drop policy if exists owner_access on products.sale_settings;
create policy owner_access on products.sale_settings for all to wealth_owner using (true) with check (true);
drop policy if exists admin_access on products.sale_settings;
create policy admin_access on products.sale_settings for all to app_admin using (true) with check (true);
