-- users.user_role_change: sets the end of a grant. $1 user_id uuid, $2 user_role_id uuid, $3 version bigint, $4 effective_to timestamptz, $5 reason
select users.change_role($1, $2, $3, $4, $5)
