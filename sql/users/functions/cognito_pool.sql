-- What the one tenant trusts of a Cognito user pool whose triggers came here. A pool that several tenants trust is told
-- apart by the application that the person uses, which Cognito names and nobody can choose; of two that name the same
-- application the one that has trusted the pool for longer is meant, so that nobody takes it from another. No row: nobody
-- trusts the pool, or it cannot be told who is meant.
create or replace function users.cognito_pool(p_issuer text, p_client_id text)
returns users.identity_providers
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select p
      from users.effective_issuers(p_issuer) p
     where p.provider = 'cognito'
       and (p_client_id = any (p.audience) or (select count(*) from users.effective_issuers(p_issuer)) = 1)
     order by p.trusted_since, p.created_at, p.identity_provider_id
     limit 1
$$;
