-- Who really trusts an issuer: the tenants whose tokens its tokens can be. Firms that share one must be told apart by a claim.
-- Where one of two names none, the issuer's tokens are those of the firm that has trusted it in this way for longer, and the
-- trust of the other has no effect. So nobody takes another's tokens or locks another out, and nobody is told of another
-- by a conflict (docs/adr/0012).
create or replace function users.effective_issuers(p_issuer text)
returns setof users.identity_providers
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select p.*
      from users.identity_providers p
     where p.issuer = p_issuer and p.is_active
       and not exists (
            select from users.identity_providers e
             where e.issuer = p.issuer and e.is_active and e.tenant_id <> p.tenant_id
               and (e.tenant_claim is null or p.tenant_claim is null)
               and (e.trusted_since, e.created_at, e.identity_provider_id)
                   < (p.trusted_since, p.created_at, p.identity_provider_id))
$$;
