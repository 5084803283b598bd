-- Ends the sessions of a person in every tenant but one session, which may be null; each firm's log tells of its own.
create or replace function users.end_sessions(p_user_id uuid, p_but uuid, p_reason text)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_before text := current_setting('app.current_tenant_id', true);
    v_tenant uuid;
    v_ended integer;
begin
    for v_tenant in select m.tenant_id from users.memberships m where m.user_id = p_user_id order by 1 loop
        perform set_config('app.current_tenant_id', v_tenant::text, true);
        update users.user_sessions s set revoked_at = platform.request_time(), revoke_reason = p_reason
         where s.tenant_id = v_tenant and (s.user_id = p_user_id or s.impersonator_id = p_user_id) and s.is_active
           and s.session_id is distinct from p_but;
        get diagnostics v_ended = row_count;
        if v_ended > 0 then
            perform users.record_event('SESSIONS_ENDED', p_user_id, 'success', p_reason,
                jsonb_build_object('sessions', v_ended));
        end if;
    end loop;
    perform set_config('app.current_tenant_id', coalesce(v_before, ''), true);
end
$$;
