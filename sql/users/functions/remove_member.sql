-- Ends a membership for good: no way in, no group, no role. A person of the firm's own directory is made nameless; a
-- person of the platform keeps the account, which is the person's own, and whoever is under a legal hold keeps the name
-- until that is released and the erasure asked for. The audit trail is not touched (C4-02, S4-69).
create or replace function users.remove_member(p_user_id uuid, p_version bigint)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_now timestamptz := platform.request_time();
    v_member users.memberships := users.hold_member(v_tenant, p_user_id, p_version);
    v_administered boolean := users.is_administrator(v_tenant, p_user_id);
begin
    perform users.end_access(v_tenant, p_user_id, 'removed');
    update users.groups g set updated_at = now(), version = g.version + 1
     where g.tenant_id = v_tenant and exists (
            select from users.group_members gm
             where gm.tenant_id = g.tenant_id and gm.group_id = g.group_id and gm.user_id = p_user_id);
    delete from users.group_members gm where gm.tenant_id = v_tenant and gm.user_id = p_user_id;
    perform users.close_grants(v_tenant, array(
        select r.user_role_id from users.user_roles r where r.tenant_id = v_tenant and r.user_id = p_user_id), 'removed');
    update users.memberships m
       set status = 'ended', ended_at = v_now, updated_at = now(), version = v_member.version + 1
     where m.tenant_id = v_tenant and m.user_id = p_user_id;
    perform users.forget_membership(v_tenant, p_user_id);
    if exists (select from users.users u where u.user_id = p_user_id and u.directory_tenant_id = v_tenant)
       and not audit.person_is_held(p_user_id) then
        perform users.forget_person(p_user_id);
    end if;
    perform users.record_event('USER_REMOVED', p_user_id, 'success', null, null);
    if v_administered then
        perform users.keep_administrator(v_tenant);
    end if;
end
$$;
