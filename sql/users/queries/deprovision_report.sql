-- users.deprovision_report: what is left of somebody's access. $1 user_id uuid
select m.user_id, m.status as membership_status, e.open_links, platform.request_time() as as_of,
       (select count(*) from users.user_sessions s
         where s.tenant_id = m.tenant_id and s.user_id = m.user_id and s.is_active
           and (s.expires_at is null or s.expires_at > platform.request_time())) as sessions,
       (select count(*) from users.user_sessions s
         where s.tenant_id = m.tenant_id and s.impersonator_id = m.user_id and s.is_active
           and (s.expires_at is null or s.expires_at > platform.request_time())) as impersonations,
       (select count(*) from users.api_keys k
         where k.tenant_id = m.tenant_id and k.user_id = m.user_id and k.revoked_at is null
           and (k.expires_at is null or k.expires_at > platform.request_time())) as api_keys,
       (select count(*) from users.invitations v
         where v.tenant_id = m.tenant_id and v.invited_by = m.user_id and v.accepted_at is null and v.revoked_at is null
           and v.expires_at > platform.request_time()) as open_invitations,
       (select count(*) from users.user_roles r
         where r.tenant_id = m.tenant_id and r.user_id = m.user_id
           and (r.effective_to is null or r.effective_to > platform.request_time())) as roles,
       (select count(*) from users.group_members g
         where g.tenant_id = m.tenant_id and g.user_id = m.user_id) as groups,
       (select max(s.revoked_at) from users.user_sessions s
         where s.tenant_id = m.tenant_id and s.user_id = m.user_id) as access_ended_at
  from users.memberships m
 cross join lateral users.sign_in_evidence(m.user_id) e
 where m.tenant_id = platform.current_tenant_id() and m.user_id = $1
