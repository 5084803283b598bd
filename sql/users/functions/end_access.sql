-- Ends every way in that a member has to a tenant: sessions with their refresh tokens, and API keys. Called in the
-- transaction that deactivates, so that there is no moment between the two.
create or replace function users.end_access(p_tenant_id uuid, p_user_id uuid, p_reason text)
returns integer
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_sessions integer;
    v_keys integer;
begin
    update users.user_sessions s
       set revoked_at = platform.request_time(), revoke_reason = p_reason
     where s.tenant_id = p_tenant_id and (s.user_id = p_user_id or s.impersonator_id = p_user_id) and s.is_active;
    get diagnostics v_sessions = row_count;
    update users.api_keys k
       set revoked_at = platform.request_time(), revoke_reason = p_reason, version = k.version + 1
     where k.tenant_id = p_tenant_id and k.user_id = p_user_id and k.revoked_at is null;
    get diagnostics v_keys = row_count;
    if v_sessions + v_keys > 0 then
        perform users.record_event('ACCESS_ENDED', p_user_id, 'success', p_reason,
            jsonb_build_object('sessions', v_sessions, 'api_keys', v_keys));
    end if;
    return v_sessions + v_keys;
end
$$;
