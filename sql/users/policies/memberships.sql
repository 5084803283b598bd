-- Read across tenants when somebody signs in and must be told where, by functions that the owner runs: each policy names
-- its reader, and those functions name the person.
drop policy if exists tenant_fence on users.memberships;
drop policy if exists tenant_read on users.memberships;
create policy tenant_read on users.memberships for select to app_read_only, app_read_write
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
drop policy if exists owner_access on users.memberships;
create policy owner_access on users.memberships for all to wealth_owner
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
drop policy if exists owner_read on users.memberships;
create policy owner_read on users.memberships for select to wealth_owner using (true);
drop policy if exists admin_access on users.memberships;
create policy admin_access on users.memberships for all to app_admin
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
