-- users.access_review: a page of members with everything that lets them in. $1 as of timestamptz, $2 after user_id uuid, $3 limit bigint
select m.user_id,
       jsonb_build_object(
           'user_id', m.user_id, 'email', u.email, 'name', u.name, 'status', m.status, 'origin', m.origin,
           'roles', coalesce(g.roles, '[]'), 'identities', coalesce(i.identities, '[]'),
           'has_password', e.has_password, 'totp_factors', e.totp_factors, 'passkeys', e.passkeys,
           'api_keys', (select count(*) from users.api_keys k
                         where k.tenant_id = m.tenant_id and k.user_id = m.user_id and k.revoked_at is null
                           and (k.expires_at is null or k.expires_at > platform.request_time())),
           'sessions', (select count(*) from users.user_sessions s
                         where s.tenant_id = m.tenant_id and s.user_id = m.user_id and s.is_active
                           and (s.expires_at is null or s.expires_at > platform.request_time())),
           'last_login', u.last_login, 'member_since', m.created_at, 'ended_at', m.ended_at,
           'as_of', coalesce($1, platform.request_time())) as line
  from (select k.* from users.memberships k
         where k.tenant_id = platform.current_tenant_id() and ($2::uuid is null or k.user_id > $2)
         order by k.user_id
         limit $3) m
  join reporting.users u on u.tenant_id = m.tenant_id and u.user_id = m.user_id
 cross join lateral users.sign_in_evidence(m.user_id) e
  left join lateral (
        select jsonb_agg(jsonb_build_object('role_name', r.role_name, 'origin', r.origin, 'group_name', r.okta_group_name,
                   'effective_from', r.effective_from, 'effective_to', r.effective_to, 'assigned_by', r.assigned_by,
                   'reason', r.reason) order by r.role_name, r.origin, r.effective_from) as roles
          from users.user_roles r
         where r.tenant_id = m.tenant_id and r.user_id = m.user_id
           and r.effective_from <= coalesce($1, platform.request_time())
           and (r.effective_to is null or r.effective_to > coalesce($1, platform.request_time()))) g on true
  left join lateral (
        select jsonb_agg(jsonb_build_object('provider', d.provider, 'issuer', d.issuer, 'subject', d.subject)
                   order by d.issuer, d.subject) as identities
          from users.user_identities d where d.user_id = m.user_id) i on true
 order by m.user_id
