-- users.meet_token: $1 tenant_id uuid, $2 issuer, $3 subject, $4 directory's id, $5 groups text[], $6 issued at timestamptz, $7 caller jsonb
select users.meet_token($1, $2, $3, $4, $5, $6, $7) as known
