-- users.scim_lock_user: holds a member for a change. $1 user_id uuid, $2 version bigint
select users.scim_lock_user($1, $2)
