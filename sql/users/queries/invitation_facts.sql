-- users.invitation_facts: what accepting an invitation takes. $1 token hash bytea, $2 caller jsonb
select account, email, firm, hash, min_length from users.invitation_facts($1, $2)
