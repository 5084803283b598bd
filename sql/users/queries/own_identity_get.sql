-- users.own_identity_get: one sign-in of the caller. $1 issuer, $2 subject
select i.identity_id, i.user_id, i.provider, i.issuer, i.subject, i.created_at
  from users.user_identities i
 where i.user_id = platform.current_user_id() and i.issuer = $1 and i.subject = $2
