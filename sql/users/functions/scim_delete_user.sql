-- Ends a membership: no way in, no group, no role, and no userName, which is free. A person of the firm's directory stays for
-- the audit trail, inactive and under an address that nobody can have, so that the real one is free too.
create or replace function users.scim_delete_user(p_user_id uuid, p_version bigint)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_now timestamptz := platform.request_time();
    v_administered boolean;
begin
    perform users.scim_lock_user(p_user_id, p_version);
    v_administered := users.roles_held(v_tenant, p_user_id, v_now) && '{SystemAdministrator,Admin}';
    perform users.end_access(v_tenant, p_user_id, 'removed by the directory');

    update users.groups g set updated_at = now(), version = g.version + 1
     where g.tenant_id = v_tenant and exists (
            select from users.group_members gm
             where gm.tenant_id = g.tenant_id and gm.group_id = g.group_id and gm.user_id = p_user_id);
    delete from users.group_members gm where gm.tenant_id = v_tenant and gm.user_id = p_user_id;
    perform users.close_grants(v_tenant, array(
        select r.user_role_id from users.user_roles r where r.tenant_id = v_tenant and r.user_id = p_user_id));
    update users.memberships m
       set status = 'ended', ended_at = v_now, updated_at = now(), version = m.version + 1
     where m.tenant_id = v_tenant and m.user_id = p_user_id;
    perform users.forget_membership(v_tenant, p_user_id);
    update users.users u
       set is_active = false, email = users.scim_person_email(p_user_id, null), updated_at = now(),
           version = u.version + 1
     where u.user_id = p_user_id and u.directory_tenant_id = v_tenant;
    perform users.record_event('USER_DEPROVISIONED', p_user_id, 'success', null, null);
    if v_administered then
        perform users.keep_administrator(v_tenant);
    end if;
end
$$;
