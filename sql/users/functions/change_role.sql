-- Sets until when a grant by hand lasts (NULL: for good), and why. What has ended stays ended.
create or replace function users.change_role(
    p_user_id uuid, p_user_role_id uuid, p_version bigint, p_effective_to timestamptz, p_reason text)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := platform.request_time();
    v_grant users.user_roles := users.hold_grant(p_user_id, p_user_role_id, p_version);
begin
    perform users.check_rank(v_grant.role_name);
    if v_grant.effective_to <= v_now then
        perform platform.fail('WA409', 'state_conflict', 'This grant has ended: grant the role anew');
    elsif p_effective_to <= greatest(v_now, v_grant.effective_from) then
        perform platform.fail('WA422', 'date_range_invalid', 'must be in the future and after effective_from',
            '/effective_to');
    end if;
    update users.user_roles r
       set effective_to = p_effective_to, reason = p_reason, version = r.version + 1
     where r.tenant_id = v_grant.tenant_id and r.user_role_id = p_user_role_id;
    perform users.record_event('ROLE_CHANGED', p_user_id, 'success', p_reason,
        jsonb_build_object('role_name', v_grant.role_name, 'effective_to', p_effective_to));
    if v_grant.role_name in ('SystemAdministrator', 'Admin') and p_effective_to is not null then
        perform users.keep_administrator(v_grant.tenant_id);
    end if;
end
$$;
