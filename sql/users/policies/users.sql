-- A session sees the people of its own tenant: one probe of the memberships key per row, no hint of anybody else.
drop policy if exists member_read on users.users;
create policy member_read on users.users for select to app_read_only, app_read_write, app_admin
    using (exists (
        select from users.memberships m
         where m.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
           and m.user_id = users.user_id));
drop policy if exists owner_access on users.users;
create policy owner_access on users.users for all to wealth_owner using (true) with check (true);
drop policy if exists admin_update on users.users;
create policy admin_update on users.users for update to app_admin
    using (exists (
        select from users.memberships m
         where m.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
           and m.user_id = users.user_id))
    with check (true);
