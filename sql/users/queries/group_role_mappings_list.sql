-- users.group_role_mappings_list: a page of mappings. $1 after provider, $2 after group, $3 after id uuid, $4 limit bigint
select r.mapping_id, r.provider, r.group_name, r.role_name, r.created_at, r.created_by, r.version
  from users.group_role_mappings r
 where r.tenant_id = platform.current_tenant_id()
   and ($3::uuid is null or (r.provider, lower(r.group_name), r.mapping_id) > ($1, lower($2), $3))
 order by r.provider, lower(r.group_name), r.mapping_id
 limit $4
