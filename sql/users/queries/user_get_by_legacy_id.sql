-- users.user_get_by_legacy_id: a member by the id of another system; of two stores the firm's own first. $1 legacy_id
select u.user_id, u.public_code, u.legacy_id, u.email, u.first_name, u.last_name, u.name, u.status,
       m.status as membership_status, m.origin, m.user_name, m.external_id, p.directory_tenant_id is not null as in_directory,
       u.is_verified, u.last_login, u.created_at, greatest(u.updated_at, m.updated_at) as updated_at, m.version,
       coalesce((select array_agg(distinct r.role_name::text order by r.role_name::text) from users.user_roles r
                  where r.tenant_id = m.tenant_id and r.user_id = m.user_id
                    and r.effective_from <= platform.request_time()
                    and (r.effective_to is null or r.effective_to > platform.request_time())), '{}') as roles
  from users.memberships m
  join users.users p on p.user_id = m.user_id
  join reporting.users u on u.tenant_id = m.tenant_id and u.user_id = m.user_id
 where m.tenant_id = platform.current_tenant_id() and p.legacy_id = $1 and m.status <> 'ended'
 order by p.directory_tenant_id nulls last
 limit 1
