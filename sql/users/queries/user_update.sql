-- users.user_update: changes a member. $1 user_id uuid, $2 version bigint, $3 changes jsonb
select users.update_member($1, $2, $3)
