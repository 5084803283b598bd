drop policy if exists tenant_fence on users.activity_daily;
create policy tenant_fence on users.activity_daily as restrictive for all to public
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
drop policy if exists tenant_read on users.activity_daily;
create policy tenant_read on users.activity_daily for select to app_admin using (true);
drop policy if exists owner_access on users.activity_daily;
create policy owner_access on users.activity_daily for all to wealth_owner using (true) with check (true);
