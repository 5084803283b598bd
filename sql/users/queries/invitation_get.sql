-- users.invitation_get: one invitation, by its id or as the open one for an address. $1 invitation_id uuid, $2 email
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
   and (i.invitation_id = $1 or $1::uuid is null and lower(i.email) = $2 and i.accepted_at is null and i.revoked_at is null)
