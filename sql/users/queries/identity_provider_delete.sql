-- users.identity_provider_delete: trusts an issuer no more. $1 identity_provider_id uuid, $2 expected version bigint, null for any, $3 issuer of the caller's own token text
select users.delete_identity_provider($1, $2, $3)
