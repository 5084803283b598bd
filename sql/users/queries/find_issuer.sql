-- users.find_issuer: $1 issuer, $2 the platform's own
select tenant_id, issuer, provider, audience, jwks_uri, jwks, algorithms, token_types, tenant_claim, role_claim,
       role_source, group_roles, directory_claim
  from users.find_issuer($1, $2)
