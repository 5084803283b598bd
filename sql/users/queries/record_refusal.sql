-- users.record_refusal: $1 tenant_id uuid, $2 user_id uuid, $3 action text, $4 reason text, $5 attempts int4, $6 details jsonb, $7 caller jsonb
select users.record_refusal($1, $2, $3, $4, $5, $6, $7)
