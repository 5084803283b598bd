-- users.identity_provider_put: trusts an issuer or changes how. $1 identity_provider_id uuid, $2 settings jsonb, $3 expected version bigint, null for any
select users.put_own_identity_provider($1, $2, $3)
