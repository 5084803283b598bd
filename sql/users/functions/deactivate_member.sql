-- Suspends a member and ends every way in, in one transaction: there is no moment between the two. A member that is
-- inactive already stays as it is.
create or replace function users.deactivate_member(p_user_id uuid, p_version bigint, p_reason text)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_member users.memberships := users.hold_member(v_tenant, p_user_id, p_version);
begin
    if v_member.status = 'suspended' then
        return;
    end if;
    update users.memberships m set status = 'suspended', updated_at = now(), version = m.version + 1
     where m.tenant_id = v_tenant and m.user_id = p_user_id;
    perform users.end_access(v_tenant, p_user_id, coalesce(p_reason, 'deactivated'));
    perform users.record_event('USER_DEACTIVATED', p_user_id, 'success', p_reason, null);
    if users.is_administrator(v_tenant, p_user_id) then
        perform users.keep_administrator(v_tenant);
    end if;
end
$$;
