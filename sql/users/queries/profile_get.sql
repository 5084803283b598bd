-- users.profile_get: a member's profile; the defaults and version 0 before it is first set, no row for nobody of the tenant. $1 user_id uuid, null for the caller
select m.user_id, p.phone, p.avatar, coalesce(p.timezone, 'UTC') as timezone, coalesce(p.language, 'en') as language,
       coalesce(p.preferences, '{}') as preferences, p.updated_at, coalesce(p.version, 0) as version
  from users.memberships m
  left join users.user_profiles p on p.user_id = m.user_id
 where m.tenant_id = platform.current_tenant_id() and m.status <> 'ended'
   and m.user_id = coalesce($1, platform.current_user_id())
