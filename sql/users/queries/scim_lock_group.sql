-- users.scim_lock_group: holds a group for a change. $1 group_id uuid, $2 version bigint
select users.scim_lock_group($1, $2)
