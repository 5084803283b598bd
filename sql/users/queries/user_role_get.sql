-- users.user_role_get: one grant. $1 user_id uuid, $2 user_role_id uuid
select r.user_role_id, r.user_id, r.role_name, r.origin, r.okta_group_name as group_name, r.effective_from, r.effective_to,
       r.assigned_at, r.assigned_by, r.reason, r.ended_by, r.version
  from users.user_roles r
 where r.tenant_id = platform.current_tenant_id() and r.user_id = $1 and r.user_role_id = $2
