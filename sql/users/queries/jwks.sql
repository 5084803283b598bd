-- users.jwks: the public keys in force
select keys from users.jwks()
