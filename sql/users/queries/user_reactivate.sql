-- users.user_reactivate: lets a suspended member in again. $1 user_id uuid, $2 version bigint, $3 reason
select users.reactivate_member($1, $2, $3)
