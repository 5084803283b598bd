drop policy if exists tenant_fence on products.recommendation_decisions;
create policy tenant_fence on products.recommendation_decisions as restrictive for all to public
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
-- What is known of a consumer is for whoever recommended, and for those who supervise.
drop policy if exists own_read on products.recommendation_decisions;
create policy own_read on products.recommendation_decisions for select to application_role
    using (recommended_by_user_id = (select platform.current_user_id()));
drop policy if exists supervision_read on products.recommendation_decisions;
create policy supervision_read on products.recommendation_decisions for select to application_role
    using ((select current_setting('app.current_user_role', true)) in ('SalesManager', 'SystemAdministrator'));
drop policy if exists report_read on products.recommendation_decisions;
create policy report_read on products.recommendation_decisions for select to app_read_only using (true);
drop policy if exists owner_access on products.recommendation_decisions;
create policy owner_access on products.recommendation_decisions for all to wealth_owner using (true) with check (true);
drop policy if exists admin_access on products.recommendation_decisions;
create policy admin_access on products.recommendation_decisions for all to app_admin using (true) with check (true);
