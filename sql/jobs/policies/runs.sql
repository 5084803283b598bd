drop policy if exists tenant_fence on jobs.runs;
create policy tenant_fence on jobs.runs as restrictive for all to public
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
drop policy if exists tenant_read on jobs.runs;
create policy tenant_read on jobs.runs for select to app_admin using (true);
drop policy if exists owner_access on jobs.runs;
create policy owner_access on jobs.runs for all to wealth_owner using (true) with check (true);
