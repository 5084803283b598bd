-- users.scim_delete_user: ends a membership. $1 user_id uuid, $2 version bigint
select users.scim_delete_user($1, $2)
