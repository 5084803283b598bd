-- users.confirm_cognito_user: $1 issuer, $2 client id, $3 subject, $4 new user_id uuid, $5 person jsonb, $6 caller jsonb
select users.confirm_cognito_user($1, $2, $3, $4, $5, $6) as outcome
