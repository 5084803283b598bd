-- users.scim_update_group: replaces a group. $1 group_id uuid, $2 version bigint, $3 display_name text, $4 external_id text, $5 members uuid[]
select users.scim_update_group($1, $2, $3, $4, $5)
