-- users.add_passkey: $1 factor_id uuid, $2 credential id, $3 passkey, $4 label, $5 hashes of recovery codes, $6 methods
select codes_made, assurance, methods, authenticated_at, roles, access_token_minutes
  from users.add_passkey($1, $2, $3, $4, $5, $6)
