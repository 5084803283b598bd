-- Ends the session that a token of its own names (RFC 7009): the holder signs out. p_caller as in users.set_caller. Of a
-- session that has ended nothing changes, and nothing is told of whether there was one.
create or replace function users.end_session(p_tenant_id uuid, p_session_id uuid, p_caller jsonb)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user uuid;
begin
    perform set_config('app.current_tenant_id', coalesce(p_tenant_id::text, ''), true);
    update users.user_sessions s
       set logout_time = coalesce((p_caller ->> 'now')::timestamptz, now())
     where s.tenant_id = p_tenant_id and s.session_id = p_session_id and s.is_active
    returning s.user_id into v_user;
    if found then
        perform users.set_caller(p_tenant_id, v_user,
            (select coalesce(u.display_name, u.email) from users.users u where u.user_id = v_user), p_caller);
        perform users.record_event('LOGOUT', v_user, 'success', null, jsonb_build_object('session_id', p_session_id));
    end if;
end
$$;
