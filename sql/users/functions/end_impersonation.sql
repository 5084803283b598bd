-- Ends a session in another's place at once; its token dies with it. One that is over stays as it is.
-- Raises WA404 (not_found).
create or replace function users.end_impersonation(p_session_id uuid)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_session users.user_sessions;
begin
    select s.* into v_session from users.user_sessions s
     where s.tenant_id = v_tenant and s.session_id = p_session_id and s.impersonator_id is not null
       for update;
    if not found then
        perform platform.fail('WA404', 'not_found', 'There is no such session');
    elsif not v_session.is_active or v_session.expires_at <= platform.request_time() then
        return;
    end if;
    update users.user_sessions s
       set revoked_at = platform.request_time(), revoke_reason = 'impersonation_ended'
     where s.tenant_id = v_tenant and s.session_id = p_session_id;
    perform users.record_event('IMPERSONATION_ENDED', v_session.user_id, 'success', null,
        jsonb_build_object('session_id', p_session_id));
end
$$;
