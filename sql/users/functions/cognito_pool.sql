-- What the one tenant trusts of a Cognito user pool whose triggers came here. A pool that several tenants trust is told
-- apart by the application that the person uses, which Cognito names and nobody can choose. No row: nobody trusts the
-- pool, or it cannot be told who is meant.
create or replace function users.cognito_pool(p_issuer text, p_client_id text)
returns users.identity_providers
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    with pool as (
        select p.*, count(*) over () = 1 as alone
          from users.identity_providers p
         where p.issuer = p_issuer and p.provider = 'cognito' and p.is_active),
    meant as (
        select pool.tenant_id, pool.identity_provider_id, count(*) over () as tenants
          from pool where pool.alone or p_client_id = any (pool.audience))
    select p from meant
      join users.identity_providers p
        on p.tenant_id = meant.tenant_id and p.identity_provider_id = meant.identity_provider_id
     where meant.tenants = 1
$$;
