-- users.user_identity_link: links a sign-in to a member. $1 user_id uuid, $2 identity_id uuid, $3 issuer, $4 subject
select users.link_identity($1, $2, $3, $4)
