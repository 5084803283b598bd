-- users.confirm_totp: $1 factor_id uuid, $2 step, $3 hashes of recovery codes, $4 methods
select codes_made, assurance, methods, authenticated_at, roles, access_token_minutes
  from users.confirm_totp($1, $2, $3, $4)
