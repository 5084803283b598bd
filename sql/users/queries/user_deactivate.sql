-- users.user_deactivate: suspends a member. $1 user_id uuid, $2 version bigint, $3 reason
select users.deactivate_member($1, $2, $3)
