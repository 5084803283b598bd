-- users.users_list: a page of members by e-mail. $1 is_active bool, $2 role, $3 words text[], $4 email, $5 after email, $6 after id uuid, $7 limit bigint
-- The page is cut first: what else is shown of a member is looked up for its rows only.
with page as materialized (
    select m.tenant_id, m.user_id, m.status, m.origin, m.user_name, m.external_id, m.updated_at, m.version,
           p.directory_tenant_id, lower(p.email) as sort_key
      from users.memberships m
      join users.users p on p.user_id = m.user_id
     where m.tenant_id = platform.current_tenant_id() and m.status <> 'ended'
       and ($1::boolean is null or (p.is_active and m.status = 'active') = $1)
       and ($2::text is null or exists (
            select from users.user_roles r
             where r.tenant_id = m.tenant_id and r.user_id = m.user_id and r.role_name = $2
               and r.effective_from <= platform.request_time()
               and (r.effective_to is null or r.effective_to > platform.request_time())))
       and ($3::text[] is null or not exists (
            select from unnest($3) w
             where strpos(lower(concat_ws(' ', p.email, p.first_name, p.last_name, p.display_name)), lower(w)) = 0))
       and ($4::text is null or lower(p.email) = lower($4))
       and ($6::uuid is null or (lower(p.email), m.user_id) > ($5, $6))
     order by lower(p.email), m.user_id
     limit $7)
select u.user_id, u.public_code, u.legacy_id, u.email, u.first_name, u.last_name, u.name, u.status,
       m.status as membership_status, m.origin, m.user_name, m.external_id, m.directory_tenant_id is not null as in_directory,
       u.is_verified, u.last_login, u.created_at, greatest(u.updated_at, m.updated_at) as updated_at, m.version,
       coalesce((select array_agg(distinct r.role_name::text order by r.role_name::text) from users.user_roles r
                  where r.tenant_id = m.tenant_id and r.user_id = m.user_id
                    and r.effective_from <= platform.request_time()
                    and (r.effective_to is null or r.effective_to > platform.request_time())), '{}') as roles,
       m.sort_key
  from page m
  join reporting.users u on u.tenant_id = m.tenant_id and u.user_id = m.user_id
 order by m.sort_key, m.user_id
