-- users.find_member: $1 tenant (id or code), $2 e-mail or issuer#subject
select tenant_id, issuer, subject, roles from users.find_member($1::text, $2::text)
