-- users.user_role_end: ends a grant. $1 user_id uuid, $2 user_role_id uuid, $3 version bigint
select users.end_role($1, $2, $3)
