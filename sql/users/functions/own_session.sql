-- The caller's session, where it is one of ours; refuses anybody else's tokens, whose factors are their issuer's affair.
create or replace function users.own_session()
returns users.user_sessions
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_session users.user_sessions;
begin
    select s.* into v_session from users.user_sessions s
     where s.tenant_id = platform.current_tenant_id() and s.user_id = platform.current_user_id()
       and s.session_id::text = current_setting('app.session_id', true) and s.is_active;
    if not found then
        perform platform.fail('WA409', 'state_conflict',
            'You are signed in elsewhere: second factors are the affair of that provider');
    end if;
    return v_session;
end
$$;
