-- Whether an issuer's tokens are a tenant's and no other's: what such an issuer says of people is this firm's to say.
create or replace function users.has_issuer_alone(p_tenant_id uuid, p_issuer text)
returns boolean
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(bool_and(s.tenant_id = p_tenant_id), false) from users.effective_issuers(p_issuer) s
$$;
