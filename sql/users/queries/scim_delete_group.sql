-- users.scim_delete_group: removes a group. $1 group_id uuid, $2 version bigint
select users.scim_delete_group($1, $2)
