-- users.scim_create_group: provisions a group. $1 group_id uuid, $2 display_name text, $3 external_id text, $4 members uuid[]
select users.scim_create_group($1, $2, $3, $4)
