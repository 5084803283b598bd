drop policy if exists tenant_fence on rates.rate_overrides;
create policy tenant_fence on rates.rate_overrides as restrictive for all to public
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
-- What belongs to a product is seen with it: a sales role finds nothing of an inactive one. The probe runs under the
-- policies of products itself; administrators of products skip it.
drop policy if exists product_read on rates.rate_overrides;
create policy product_read on rates.rate_overrides for select to application_role
    using (exists (select from products.products p
                    where p.tenant_id = rate_overrides.tenant_id and p.product_id = rate_overrides.product_id));
drop policy if exists products_admin_policy on rates.rate_overrides;
create policy products_admin_policy on rates.rate_overrides for select to application_role
    using ((select current_setting('app.current_user_role', true)) in ('ProductAdministrator', 'SystemAdministrator'));
drop policy if exists report_read on rates.rate_overrides;
create policy report_read on rates.rate_overrides for select to app_read_only using (true);
drop policy if exists owner_access on rates.rate_overrides;
create policy owner_access on rates.rate_overrides for all to wealth_owner using (true) with check (true);
drop policy if exists admin_access on rates.rate_overrides;
create policy admin_access on rates.rate_overrides for all to app_admin using (true) with check (true);
