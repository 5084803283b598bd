-- users.user_roles_list: the grants of a member, latest first; one row without a grant when there is none, no row without such a member. $1 user_id uuid, $2 in force at timestamptz, $3 after begin timestamptz, $4 after id uuid, $5 limit bigint
select r.user_role_id, r.user_id, r.role_name, r.origin, r.okta_group_name as group_name, r.effective_from, r.effective_to,
       r.assigned_at, r.assigned_by, r.reason, r.ended_by, r.version
  from users.memberships m
  left join users.user_roles r
    on r.tenant_id = m.tenant_id and r.user_id = m.user_id
   and ($2::timestamptz is null
        or (r.effective_from <= $2 and (r.effective_to is null or r.effective_to > $2)))
   and ($4::uuid is null or (r.effective_from, r.user_role_id) < ($3, $4))
 where m.tenant_id = platform.current_tenant_id() and m.user_id = $1
 order by r.effective_from desc, r.user_role_id desc
 limit $5
