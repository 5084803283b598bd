-- A firm sees the sign-ins of its members at issuers that it trusts, and all of the people of its own directory: with
-- which other firms a person works is no business of its.
drop policy if exists member_read on users.user_identities;
create policy member_read on users.user_identities for select to app_read_only, app_read_write, app_admin
    using (exists (
        select from users.memberships m
         where m.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
           and m.user_id = user_identities.user_id)
       and (exists (
            select from users.identity_providers p
             where p.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
               and p.issuer = user_identities.issuer)
         or exists (
            select from users.users u
             where u.user_id = user_identities.user_id
               and u.directory_tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))));
drop policy if exists owner_access on users.user_identities;
create policy owner_access on users.user_identities for all to wealth_owner using (true) with check (true);
