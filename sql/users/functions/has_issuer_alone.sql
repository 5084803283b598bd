-- Whether a tenant trusts an issuer that no other tenant trusts: what such an issuer says of people is this firm's to say.
create or replace function users.has_issuer_alone(p_tenant_id uuid, p_issuer text)
returns boolean
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(bool_and(s.tenant_id = p_tenant_id) and bool_or(s.is_active), false)
      from users.identity_providers s where s.issuer = p_issuer
$$;
