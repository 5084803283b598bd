-- Lets a suspended member in again. Whatever was open before is ended once more, so that nothing
-- comes back to life with the member. A member that is active stays as it is.
create or replace function users.reactivate_member(p_user_id uuid, p_version bigint, p_reason text)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_member users.memberships := users.hold_member(v_tenant, p_user_id, p_version);
begin
    if v_member.status = 'active' then
        return;
    elsif v_member.status <> 'suspended' then
        perform platform.fail('WA409', 'state_conflict', 'The user has not accepted the invitation yet');
    end if;
    perform users.end_access(v_tenant, p_user_id, 'before reactivation');
    update users.memberships m set status = 'active', updated_at = now(), version = m.version + 1
     where m.tenant_id = v_tenant and m.user_id = p_user_id;
    perform users.record_event('USER_REACTIVATED', p_user_id, 'success', p_reason, null);
end
$$;
