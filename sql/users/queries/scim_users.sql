-- users.scim_users: a page of members as their directory sees them; one row without a user when the page is empty. $1 user_id uuid, $2 user_name text, $3 external_id text, $4 active bool, $5 email text, $6 after timestamptz, $7 from timestamptz, $8 before timestamptz, $9 to timestamptz, $10 order text, $11 descending bool, $12 offset bigint, $13 limit bigint
select f.total, m.user_id, coalesce(m.user_name, u.email) as user_name, m.external_id, m.status = 'active' as active, m.scim,
       m.created_at, m.updated_at, m.version, u.email, u.first_name, u.last_name, u.display_name,
       coalesce(g.groups, '[]') as groups, coalesce(r.roles, '[]') as roles
  from users.scim_find_users($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) f
  left join users.memberships m on m.tenant_id = platform.current_tenant_id() and m.user_id = f.user_id
  left join users.users u on u.user_id = m.user_id
  left join lateral (
        select jsonb_agg(jsonb_build_object('value', s.group_id, 'display', s.display_name) order by s.group_id) as groups
          from users.group_members gm
          join users.groups s on s.tenant_id = gm.tenant_id and s.group_id = gm.group_id
         where gm.tenant_id = m.tenant_id and gm.user_id = m.user_id) g on true
  left join lateral (
        select jsonb_agg(distinct jsonb_build_object('value', h.role_name, 'type', h.origin)) as roles
          from users.user_roles h
         where h.tenant_id = m.tenant_id and h.user_id = m.user_id and h.effective_from <= platform.request_time()
           and (h.effective_to is null or h.effective_to > platform.request_time())) r on true
 order by f.place
