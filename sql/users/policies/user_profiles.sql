-- The profiles of the tenant's own members, as users.users.
drop policy if exists member_read on users.user_profiles;
create policy member_read on users.user_profiles for select to app_read_only, app_read_write, app_admin
    using (exists (
        select from users.memberships m
         where m.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
           and m.user_id = user_profiles.user_id));
drop policy if exists owner_access on users.user_profiles;
create policy owner_access on users.user_profiles for all to wealth_owner using (true) with check (true);
