-- users.impersonation_list: sessions in another's place, the latest first. $1 before this start timestamptz, $2 and this id uuid, $3 rows bigint
select s.session_id, s.user_id, u.email as user_email, s.impersonator_id, i.email as impersonator_email,
       s.impersonation_reason, s.login_time, least(s.revoked_at, s.logout_time) as ended_at, s.expires_at,
       s.is_active and s.expires_at > platform.request_time() as is_active
  from users.user_sessions s
  join users.users u on u.user_id = s.user_id
  join users.users i on i.user_id = s.impersonator_id
 where s.tenant_id = platform.current_tenant_id() and s.impersonator_id is not null
   and ($1::timestamptz is null or (s.login_time, s.session_id) < ($1, $2::uuid))
 order by s.login_time desc, s.session_id desc
 limit $3
