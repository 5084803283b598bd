-- users.group_role_mapping_delete: takes a mapping away. $1 mapping_id uuid, $2 version bigint
select users.delete_group_role_mapping($1, $2)
