drop policy if exists tenant_fence on audit.subject_keys;
create policy tenant_fence on audit.subject_keys as restrictive for all to public
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
-- For nobody who logs in.
drop policy if exists owner_access on audit.subject_keys;
create policy owner_access on audit.subject_keys for all to wealth_owner using (true) with check (true);
