-- Opens a session in a member's place, for half an hour and without renewal. The caller's role and step-up were checked;
-- whoever holds SystemAdministrator is out of reach, and so is oneself. Audited in the real person's name.
-- Raises WA404 (not_found), WA409 (state_conflict).
create or replace function users.impersonate(p_user_id uuid, p_session_id uuid, p_reason text)
returns table (impersonator_id uuid, label text, roles text[], started_at timestamptz, expires_at timestamptz)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_actor uuid := platform.current_user_id();
    v_now timestamptz := platform.request_time();
    v_user record;
    v_roles text[] := users.roles_held(v_tenant, p_user_id, v_now);
begin
    select coalesce(u.display_name, u.email) as label, m.status, u.is_active into v_user
      from users.memberships m join users.users u on u.user_id = m.user_id
     where m.tenant_id = v_tenant and m.user_id = p_user_id and m.status <> 'ended';
    if not found then
        perform platform.fail('WA404', 'not_found', 'There is no such person');
    elsif p_user_id = v_actor then
        perform platform.fail('WA409', 'state_conflict', 'Nobody acts in their own place');
    elsif v_user.status <> 'active' or not v_user.is_active then
        perform platform.fail('WA409', 'state_conflict', 'This person is not active');
    elsif 'SystemAdministrator' = any (v_roles) then
        perform platform.fail('WA409', 'state_conflict', 'Nobody acts in the place of a system administrator');
    end if;
    insert into users.user_sessions (
        tenant_id, session_id, user_id, ip_address, user_agent, login_time, last_activity, expires_at,
        absolute_expires_at, assurance, methods, authenticated_at, impersonator_id, impersonation_reason)
    values (v_tenant, p_session_id, p_user_id, audit.session_ip(), nullif(current_setting('app.user_agent', true), ''),
            v_now, v_now, v_now + interval '30 minutes', v_now + interval '30 minutes', 1, '{}', v_now, v_actor,
            p_reason);
    perform users.record_event('IMPERSONATION_STARTED', p_user_id, 'success', p_reason,
        jsonb_build_object('session_id', p_session_id));
    return query select v_actor, v_user.label, v_roles, v_now, v_now + interval '30 minutes';
end
$$;
