-- Ends sessions from above: one by its id, or all of a person, but for p_except. One's own; with p_administers anybody's
-- of the tenant. How many were ended. Raises WA404 for an id that is nobody's to end, whoever's it is.
create or replace function users.revoke_sessions(
    p_session_id uuid, p_user_id uuid, p_except uuid, p_reason text, p_administers boolean)
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_now timestamptz := platform.request_time();
    v_me uuid := platform.current_user_id();
    v_user uuid := p_user_id;
    v_ended uuid[];
begin
    if p_session_id is not null then
        select s.user_id into v_user from users.user_sessions s
         where s.tenant_id = v_tenant and s.session_id = p_session_id
           and (s.user_id = v_me or coalesce(p_administers, false));
    else
        select m.user_id into v_user from users.memberships m
         where m.tenant_id = v_tenant and m.user_id = coalesce(p_user_id, v_me)
           and (m.user_id = v_me or coalesce(p_administers, false));
    end if;
    if v_user is null then
        perform platform.fail('WA404', 'not_found', 'There is no such session or member');
    end if;
    with ended as (
        update users.user_sessions s set revoked_at = v_now, revoke_reason = p_reason
         where s.tenant_id = v_tenant and s.user_id = v_user and s.is_active
           and (p_session_id is null or s.session_id = p_session_id)
           and s.session_id is distinct from p_except
        returning s.session_id)
    select coalesce(array_agg(e.session_id), '{}') into v_ended from ended e;
    if cardinality(v_ended) > 0 then
        perform users.record_event('SESSION_REVOKED', v_user, 'success', p_reason,
            jsonb_build_object('session_ids', v_ended));
    end if;
    return cardinality(v_ended);
end
$$;
