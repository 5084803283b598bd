-- users.list_sessions: sessions in force, the newest first. $1 user_id uuid, null for the caller; $2 login_time timestamptz
-- and $3 session_id uuid of the last row shown, $4 limit bigint
select s.session_id, s.user_id, s.device, host(s.ip_address) as ip_address, s.user_agent, s.login_time, s.last_activity,
       s.expires_at, s.absolute_expires_at, s.assurance, s.methods, s.authenticated_at, s.impersonator_id
  from users.user_sessions s
 where s.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and s.user_id = coalesce($1::uuid, platform.current_user_id())
   and s.is_active and (s.expires_at is null or s.expires_at > platform.request_time())
   and (s.login_time, s.session_id) < (coalesce($2::timestamptz, 'infinity'),
                                       coalesce($3::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 order by s.login_time desc, s.session_id desc
 limit $4::bigint
