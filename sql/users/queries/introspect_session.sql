-- users.introspect_session: a session of the tenant with its person, while both are in force. $1 session_id uuid
select s.user_id, s.refresh_counter, s.login_time, s.expires_at, s.assurance, s.methods, s.authenticated_at,
       u.email
  from users.user_sessions s
  join users.memberships m on m.tenant_id = s.tenant_id and m.user_id = s.user_id and m.status = 'active'
  join users.users u on u.user_id = s.user_id and u.is_active
 where s.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and s.session_id = $1::uuid and s.is_active
   and (s.expires_at is null or s.expires_at > platform.request_time())
