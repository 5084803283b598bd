-- users.group_role_mapping_get: one mapping. $1 mapping_id uuid
select r.mapping_id, r.provider, r.group_name, r.role_name, r.created_at, r.created_by, r.version
  from users.group_role_mappings r
 where r.tenant_id = platform.current_tenant_id() and r.mapping_id = $1
