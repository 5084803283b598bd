drop policy if exists tenant_fence on users.directory_seen;
create policy tenant_fence on users.directory_seen as restrictive for all to public
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
drop policy if exists tenant_read on users.directory_seen;
create policy tenant_read on users.directory_seen for select to app_read_only, app_read_write using (true);
drop policy if exists owner_access on users.directory_seen;
create policy owner_access on users.directory_seen for all to wealth_owner using (true) with check (true);
drop policy if exists admin_access on users.directory_seen;
create policy admin_access on users.directory_seen for all to app_admin using (true) with check (true);
