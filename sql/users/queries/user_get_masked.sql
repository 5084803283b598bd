-- users.user_get_masked: one member as colleagues see it. $1 user_id uuid
select u.user_id, u.public_code, u.email, u.first_name, u.last_name, u.name, u.status, u.role
  from reporting.users_masked u
 where u.tenant_id = platform.current_tenant_id() and u.user_id = $1
