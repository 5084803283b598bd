-- The register of tenants is read across tenants by its owner's functions (begin_request, list_active), so there is no
-- fence aimed at everybody here: each policy names its reader.
drop policy if exists tenant_read on tenants.tenants;
create policy tenant_read on tenants.tenants for select to app_read_only, app_read_write, app_admin
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
drop policy if exists owner_access on tenants.tenants;
create policy owner_access on tenants.tenants for all to wealth_owner using (true) with check (true);
drop policy if exists admin_update on tenants.tenants;
create policy admin_update on tenants.tenants for update to app_admin
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
