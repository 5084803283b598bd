drop policy if exists tenant_fence on products.producer_appointments;
create policy tenant_fence on products.producer_appointments as restrictive for all to public
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
-- One's own; everybody's for those who oversee sales.
drop policy if exists own_read on products.producer_appointments;
create policy own_read on products.producer_appointments for select to application_role
    using (user_id = (select platform.current_user_id()));
drop policy if exists oversight_read on products.producer_appointments;
create policy oversight_read on products.producer_appointments for select to application_role
    using ((select current_setting('app.current_user_role', true))
           in ('SalesManager', 'ProductAdministrator', 'SystemAdministrator'));
drop policy if exists report_read on products.producer_appointments;
create policy report_read on products.producer_appointments for select to app_read_only using (true);
drop policy if exists owner_access on products.producer_appointments;
create policy owner_access on products.producer_appointments for all to wealth_owner using (true) with check (true);
drop policy if exists admin_access on products.producer_appointments;
create policy admin_access on products.producer_appointments for all to app_admin using (true) with check (true);
