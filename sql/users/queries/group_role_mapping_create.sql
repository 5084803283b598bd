-- users.group_role_mapping_create: maps a group to a role. $1 mapping_id uuid, $2 provider, $3 group_name, $4 role_name
select users.create_group_role_mapping($1, $2, $3, $4)
