-- users.user_identities_list: the sign-ins of a member; one row without one when there is none, no row without such a member. $1 user_id uuid, $2 after instant timestamptz, $3 after id uuid, $4 limit bigint
select i.identity_id, i.user_id, i.provider, i.issuer, i.subject, i.created_at
  from users.memberships m
  left join users.user_identities i
    on i.user_id = m.user_id and ($3::uuid is null or (i.created_at, i.identity_id) > ($2, $3))
 where m.tenant_id = platform.current_tenant_id() and m.user_id = $1
 order by i.created_at, i.identity_id
 limit $4
