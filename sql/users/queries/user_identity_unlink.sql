-- users.user_identity_unlink: takes a sign-in from a member. $1 user_id uuid, $2 identity_id uuid
select users.unlink_identity($1, $2)
