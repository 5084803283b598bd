-- Whether a member may bring in somebody with these roles, at an instant: an active system administrator none of whose
-- guests would stand above. Asked when an invitation is sent and again when it is accepted, for the inviter may have left
-- or been reduced in between.
create or replace function users.may_invite(p_tenant_id uuid, p_user_id uuid, p_roles text[], p_at timestamptz)
returns boolean
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select exists (
        select from users.memberships m join users.users u on u.user_id = m.user_id
         where m.tenant_id = p_tenant_id and m.user_id = p_user_id and m.status = 'active' and u.is_active)
       and 'SystemAdministrator' = any (users.roles_held(p_tenant_id, p_user_id, p_at))
       and coalesce((select max(r.rank) from users.roles r where r.role_name = any (p_roles)), -1)
           <= (select max(r.rank) from users.roles r
                where r.role_name = any (users.roles_held(p_tenant_id, p_user_id, p_at)))
$$;
