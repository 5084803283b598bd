-- users.user_identity_get: one sign-in of a member. $1 user_id uuid, $2 issuer, $3 subject
select i.identity_id, i.user_id, i.provider, i.issuer, i.subject, i.created_at
  from users.user_identities i
 where i.user_id = $1 and i.issuer = $2 and i.subject = $3
