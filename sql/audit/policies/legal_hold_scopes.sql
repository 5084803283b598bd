drop policy if exists tenant_fence on audit.legal_hold_scopes;
create policy tenant_fence on audit.legal_hold_scopes as restrictive for all to public
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
drop policy if exists tenant_read on audit.legal_hold_scopes;
create policy tenant_read on audit.legal_hold_scopes for select to app_read_write, app_admin using (true);
drop policy if exists owner_access on audit.legal_hold_scopes;
create policy owner_access on audit.legal_hold_scopes for all to wealth_owner using (true) with check (true);
