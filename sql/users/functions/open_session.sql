-- Opens a session and records LOGIN. The caller has proven the person by then; this checks once more that person,
-- membership and tenant may sign in (S4-19, S4-74). p_session: session_id, refresh_token_hash (hex), assurance, methods,
-- device, okta_session_id, impersonator_id, impersonation_reason. Gives what the access token must say.
-- Raises WA401 (unknown_identity, account_inactive, tenant_inactive).
create or replace function users.open_session(p_tenant_id uuid, p_user_id uuid, p_session jsonb, p_caller jsonb)
returns table (
    session_id uuid, roles text[], access_token_minutes integer, expires_at timestamptz, absolute_expires_at timestamptz)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := coalesce((p_caller ->> 'now')::timestamptz, now());
    v_user record;
    v_policy users.auth_policies;
    v_session uuid := coalesce((p_session ->> 'session_id')::uuid, gen_random_uuid());
begin
    select u.user_id, u.is_active, coalesce(u.display_name, u.email) as label, m.status as membership, t.status as tenant
      into v_user
      from users.users u
      left join users.memberships m on m.tenant_id = p_tenant_id and m.user_id = u.user_id
      left join tenants.tenants t on t.tenant_id = m.tenant_id
     where u.user_id = p_user_id;
    if not found or v_user.membership is null or v_user.membership = 'ended' then
        perform platform.fail('WA401', 'unknown_identity', 'This identity is not known here');
    elsif not v_user.is_active or v_user.membership <> 'active' then
        perform platform.fail('WA401', 'account_inactive', 'This account is not active');
    elsif v_user.tenant <> 'active' then
        perform platform.fail('WA401', 'tenant_inactive', 'This tenant is not active');
    end if;
    perform users.set_caller(p_tenant_id, p_user_id, v_user.label, p_caller);
    -- Shared with nobody who ends the membership meanwhile: the session is there before that and ended by it, or not at all.
    perform from users.memberships m
      where m.tenant_id = p_tenant_id and m.user_id = p_user_id and m.status = 'active' for share;
    if not found then
        perform platform.fail('WA401', 'account_inactive', 'This account is not active');
    end if;
    v_policy := users.policy_of(p_tenant_id);

    insert into users.user_sessions (
        tenant_id, session_id, user_id, okta_session_id, ip_address, user_agent, device, login_time, last_activity,
        expires_at, absolute_expires_at, refresh_token_hash, rotated_at, assurance, methods, authenticated_at,
        impersonator_id, impersonation_reason)
    values (
        p_tenant_id, v_session, p_user_id, p_session ->> 'okta_session_id', audit.session_ip(),
        p_caller ->> 'user_agent', p_session ->> 'device', v_now, v_now,
        least(v_now + make_interval(mins => v_policy.idle_timeout_minutes),
              v_now + make_interval(mins => v_policy.absolute_lifetime_minutes)),
        v_now + make_interval(mins => v_policy.absolute_lifetime_minutes),
        decode(p_session ->> 'refresh_token_hash', 'hex'), v_now, coalesce((p_session ->> 'assurance')::smallint, 1),
        array(select jsonb_array_elements_text(coalesce(p_session -> 'methods', '[]'))), v_now,
        (p_session ->> 'impersonator_id')::uuid, p_session ->> 'impersonation_reason');
    if p_session ->> 'impersonator_id' is null then
        update users.users u set last_login = v_now where u.user_id = p_user_id;
    end if;
    perform users.record_event('LOGIN', p_user_id, 'success', null,
        jsonb_build_object('session_id', v_session, 'methods', p_session -> 'methods'));
    return query
        select v_session, users.roles_held(p_tenant_id, p_user_id, v_now), least(v_policy.access_token_minutes,
                   v_policy.idle_timeout_minutes), s.expires_at,
               s.absolute_expires_at
          from users.user_sessions s where s.tenant_id = p_tenant_id and s.session_id = v_session;
end
$$;
