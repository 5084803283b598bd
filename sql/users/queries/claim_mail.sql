-- users.claim_mail: $1 limit integer, $2 now timestamptz
select mail_id, kind, recipient, facts, sealed, attempts from users.claim_mail($1, $2)
