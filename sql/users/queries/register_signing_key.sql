-- users.register_signing_key: $1 key_id, $2 algorithm, $3 public key as a JWK
select users.register_signing_key($1, $2, $3)
