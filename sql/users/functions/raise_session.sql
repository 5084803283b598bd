-- Notes in the caller's session that the person has just been recognised anew, and gives what its next access token says.
create or replace function users.raise_session(p_assurance integer, p_methods text[])
returns table (
    assurance smallint, methods text[], authenticated_at timestamptz, roles text[], access_token_minutes integer)
language sql
set search_path = pg_catalog, pg_temp
as $$
    update users.user_sessions s
       set assurance = p_assurance, authenticated_at = platform.request_time(),
           methods = array(select distinct m from unnest(s.methods || p_methods) m order by m)
     where s.tenant_id = platform.current_tenant_id() and s.user_id = platform.current_user_id()
       and s.session_id::text = current_setting('app.session_id', true) and s.is_active
    returning s.assurance, s.methods, s.authenticated_at,
              users.roles_held(s.tenant_id, s.user_id, platform.request_time()),
              (users.policy_of(s.tenant_id)).access_token_minutes
$$;
