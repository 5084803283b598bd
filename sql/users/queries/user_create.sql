-- users.user_create: makes a member by hand. $1 user_id uuid, $2 person jsonb
select users.create_member($1, $2)
