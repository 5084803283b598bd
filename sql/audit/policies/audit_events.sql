-- S0-103, C0-04, C0-05: three readers, each with its own policy, and the fence between tenants around both.
drop policy if exists audit_log_access_policy on audit.audit_events;
create policy audit_log_access_policy on audit.audit_events for select to application_role
    using (actor_id = (select nullif(current_setting('app.current_user_id', true), '')::uuid));
drop policy if exists audit_log_administrator_policy on audit.audit_events;
create policy audit_log_administrator_policy on audit.audit_events for select to application_role
    using ((select current_setting('app.current_user_role', true)) = 'SystemAdministrator');
drop policy if exists audit_log_auditor_policy on audit.audit_events;
create policy audit_log_auditor_policy on audit.audit_events for select to application_role
    using ((select 'Auditor' = any (string_to_array(current_setting('app.current_user_roles', true), ','))));
drop policy if exists admin_read on audit.audit_events;
create policy admin_read on audit.audit_events for select to app_admin using (true);
-- For sealing, which reads each log in turn.
drop policy if exists owner_read on audit.audit_events;
create policy owner_read on audit.audit_events for select to wealth_owner using (true);
drop policy if exists owner_insert on audit.audit_events;
create policy owner_insert on audit.audit_events for insert to wealth_owner
    with check (tenant_id = coalesce((select nullif(current_setting('app.current_tenant_id', true), '')::uuid), tenant_id));
-- For erasure, which leaves commitments (docs/adr/0015); audit.events_guard lets nothing else through.
drop policy if exists owner_erase on audit.audit_events;
create policy owner_erase on audit.audit_events for update to wealth_owner
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
drop policy if exists tenant_fence on audit.audit_events;
create policy tenant_fence on audit.audit_events as restrictive for select to public
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
