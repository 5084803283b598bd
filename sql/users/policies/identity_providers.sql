-- Read across tenants by users.find_issuer, which the owner runs: each policy names its reader.
drop policy if exists tenant_read on users.identity_providers;
create policy tenant_read on users.identity_providers for select to app_read_only, app_read_write, app_admin
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
drop policy if exists owner_access on users.identity_providers;
create policy owner_access on users.identity_providers for all to wealth_owner using (true) with check (true);
