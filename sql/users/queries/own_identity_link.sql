-- users.own_identity_link: links a second sign-in to the caller. $1 identity_id uuid, $2 issuer, $3 subject
select users.link_own_identity($1, $2, $3)
