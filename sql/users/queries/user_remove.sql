-- users.user_remove: ends a membership for good. $1 user_id uuid, $2 version bigint
select users.remove_member($1, $2)
