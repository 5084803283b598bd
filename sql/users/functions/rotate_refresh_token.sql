-- Takes a refresh token for its successor. The caller has found the MAC right, so the token was ours once; its counter
-- says which generation. The lock on the session makes parallel uses take turns, so that there is one successor:
--   the leaf                                     -> the next generation ('rotated')
--   its parent, within 10 s of the rotation      -> the leaf once more ('repeated'): the answer may have been lost
--   any other generation that was                -> a replay: the session ends ('reused')
-- What is refused is told and not raised: the end of a replayed family must be committed with it. p_hash and p_next_hash
-- are SHA-256 in hex. Outcomes besides: unknown, ended, expired, account_inactive, tenant_inactive.
create or replace function users.rotate_refresh_token(
    p_tenant_id uuid, p_session_id uuid, p_counter integer, p_hash text, p_next_hash text, p_caller jsonb)
returns table (
    outcome text, user_id uuid, counter integer, roles text[], access_token_minutes integer, expires_at timestamptz,
    absolute_expires_at timestamptz, assurance smallint, methods text[], authenticated_at timestamptz)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    c_grace constant interval := '10 seconds';
    v_now timestamptz := coalesce((p_caller ->> 'now')::timestamptz, now());
    v_session users.user_sessions;
    v_policy users.auth_policies;
    v_outcome text;
begin
    perform set_config('app.current_tenant_id', coalesce(p_tenant_id::text, ''), true);
    select s.* into v_session from users.user_sessions s
     where s.tenant_id = p_tenant_id and s.session_id = p_session_id for update;
    v_outcome := case
        when v_session.refresh_token_hash is null then 'unknown'
        when not v_session.is_active then 'ended'
        when p_counter = v_session.refresh_counter
            then case when v_session.refresh_token_hash = decode(p_hash, 'hex') then 'rotated' else 'unknown' end
        when p_counter > v_session.refresh_counter then 'unknown'
        when p_counter = v_session.refresh_counter - 1 and v_now < v_session.rotated_at + c_grace then 'repeated'
        else 'reused' end;
    if v_outcome in ('rotated', 'repeated') then
        v_outcome := coalesce(users.session_refusal(v_session, v_now), v_outcome);
    end if;
    if v_session.session_id is not null and v_outcome not in ('rotated', 'repeated') then
        perform users.set_caller(p_tenant_id, v_session.user_id,
            (select coalesce(u.display_name, u.email) from users.users u where u.user_id = v_session.user_id), p_caller);
    end if;
    if v_session.session_id is not null and v_outcome not in ('rotated', 'repeated', 'reused') then
        perform users.note_refusal('SESSION_REFUSED', v_session.user_id, v_outcome, 1,
            jsonb_build_object('session_id', p_session_id));
    elsif v_outcome = 'reused' then
        update users.user_sessions s set revoked_at = v_now, revoke_reason = 'refresh_token_reused'
         where s.tenant_id = p_tenant_id and s.session_id = p_session_id;
        perform users.record_event('REFRESH_TOKEN_REUSED', v_session.user_id, 'denied', 'refresh_token_reused',
            jsonb_build_object('session_id', p_session_id, 'generation', p_counter,
                'current_generation', v_session.refresh_counter));
    end if;
    if v_outcome not in ('rotated', 'repeated') then
        return query select v_outcome, v_session.user_id, null::integer, null::text[], null::integer, null::timestamptz,
            null::timestamptz, null::smallint, null::text[], null::timestamptz;
        return;
    end if;
    v_policy := users.policy_of(p_tenant_id);
    if v_outcome = 'rotated' then
        update users.user_sessions s
           set refresh_counter = s.refresh_counter + 1, refresh_token_hash = decode(p_next_hash, 'hex'),
               rotated_at = v_now, last_activity = v_now,
               expires_at = least(v_now + make_interval(mins => v_policy.idle_timeout_minutes), s.absolute_expires_at),
               ip_address = coalesce(nullif(p_caller ->> 'ip', '')::inet, s.ip_address),
               user_agent = coalesce(p_caller ->> 'user_agent', s.user_agent)
         where s.tenant_id = p_tenant_id and s.session_id = p_session_id
        returning s.* into v_session;
    end if;
    return query
        select v_outcome, v_session.user_id, v_session.refresh_counter,
               users.roles_held(p_tenant_id, v_session.user_id, v_now),
               least(v_policy.access_token_minutes, v_policy.idle_timeout_minutes), v_session.expires_at,
               v_session.absolute_expires_at, v_session.assurance, v_session.methods, v_session.authenticated_at;
end
$$;
