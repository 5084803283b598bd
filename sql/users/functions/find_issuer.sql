-- Everything configured for an issuer, for every tenant that trusts it. Asked before the tenant is known, with a token
-- not yet verified: so it gives public configuration and nothing about people.
create or replace function users.find_issuer(p_issuer text)
returns table (
    tenant_id uuid, identity_provider_id uuid, issuer text, provider text, audience text[], jwks_uri text, jwks jsonb,
    algorithms text[], token_types text[], tenant_claim text, role_claim text, role_source text, group_roles jsonb,
    version bigint)
language sql stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select p.tenant_id, p.identity_provider_id, p.issuer, p.provider, p.audience, p.jwks_uri, p.jwks, p.algorithms,
           p.token_types, p.tenant_claim, p.role_claim, p.role_source, p.group_roles, p.version
      from users.identity_providers p
     where p.issuer = p_issuer and p.is_active
     order by p.tenant_id
$$;
