-- Read across tenants by users.find_issuer, which the owner runs: each policy names its reader. Written in one's own.
drop policy if exists tenant_fence on users.group_role_mappings;
drop policy if exists tenant_read on users.group_role_mappings;
create policy tenant_read on users.group_role_mappings for select to app_read_only, app_read_write
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
drop policy if exists owner_access on users.group_role_mappings;
create policy owner_access on users.group_role_mappings for all to wealth_owner
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
drop policy if exists owner_read on users.group_role_mappings;
create policy owner_read on users.group_role_mappings for select to wealth_owner using (true);
drop policy if exists admin_access on users.group_role_mappings;
create policy admin_access on users.group_role_mappings for all to app_admin
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
