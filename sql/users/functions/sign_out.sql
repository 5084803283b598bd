-- Ends the caller's session and records LOGOUT. Harmless when it is repeated; a session of another issuer has no row here
-- and is only recorded.
create or replace function users.sign_out(p_session_id uuid)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    update users.user_sessions s set logout_time = platform.request_time(), revoke_reason = 'signed_out'
     where s.tenant_id = platform.current_tenant_id() and s.session_id = p_session_id
       and s.user_id = platform.current_user_id() and s.is_active;
    perform users.record_event('LOGOUT', platform.current_user_id(), 'success', null,
        jsonb_build_object('session_id', p_session_id));
end
$$;
