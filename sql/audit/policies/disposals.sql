drop policy if exists tenant_fence on audit.disposals;
create policy tenant_fence on audit.disposals as restrictive for all to public
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
-- Not for everybody of the firm: the same as wealth_core::authz::ViewRetention.
drop policy if exists tenant_read on audit.disposals;
create policy tenant_read on audit.disposals for select to app_read_write
    using ((select string_to_array(current_setting('app.current_user_roles', true), ',') && '{SystemAdministrator,Auditor}'));
drop policy if exists admin_read on audit.disposals;
create policy admin_read on audit.disposals for select to app_admin using (true);
drop policy if exists owner_access on audit.disposals;
create policy owner_access on audit.disposals for all to wealth_owner using (true) with check (true);
