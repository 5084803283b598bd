-- users.me: the caller, in the tenant of the request
select u.user_id, m.tenant_id, t.name as tenant_name, u.email, u.first_name, u.last_name, u.display_name,
       u.email_verified_at is not null as is_verified, u.last_login,
       coalesce((select array_agg(distinct r.role_name::text order by r.role_name::text)
                   from users.user_roles r
                  where r.tenant_id = m.tenant_id and r.user_id = u.user_id
                    and r.effective_from <= platform.request_time()
                    and (r.effective_to is null or r.effective_to > platform.request_time())), '{}') as roles
  from users.memberships m
  join users.users u on u.user_id = m.user_id
  join tenants.tenants t on t.tenant_id = m.tenant_id
 where m.tenant_id = platform.current_tenant_id() and m.user_id = platform.current_user_id()
