-- users.invitation_list: invitations, the latest first. $1 status, $2 before this creation timestamptz, $3 and this id uuid, $4 rows bigint
select i.invitation_id, i.email, i.roles, i.effective_from, i.effective_to, i.message, i.invited_by,
       coalesce(u.display_name, u.email) as invited_by_name, i.created_at, i.sent_at, i.expires_at, i.accepted_at,
       i.accepted_by, i.revoked_at, i.version, s.status
  from users.invitations i
  join users.users u on u.user_id = i.invited_by
  cross join lateral (select case
         when i.accepted_at is not null then 'accepted'
         when i.revoked_at is not null then 'revoked'
         when i.expires_at <= platform.request_time() or i.effective_to <= platform.request_time() then 'expired'
         when not users.may_invite(i.tenant_id, i.invited_by, i.roles, platform.request_time()) then 'inviter_left'
         else 'waiting' end as status) s
 where i.tenant_id = platform.current_tenant_id()
   and ($1::text is null or s.status = $1)
   and ($2::timestamptz is null or (i.created_at, i.invitation_id) < ($2, $3::uuid))
 order by i.created_at desc, i.invitation_id desc
 limit $4
