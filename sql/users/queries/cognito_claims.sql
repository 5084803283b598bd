-- users.cognito_claims: $1 issuer, $2 client id, $3 subject, $4 groups text[], $5 signs in bool, $6 caller jsonb
select outcome, tenant_id, roles from users.cognito_claims($1, $2, $3, $4, $5, $6)
