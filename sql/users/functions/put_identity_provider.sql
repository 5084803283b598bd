-- Sets what a tenant trusts of one issuer: inserts or replaces. Fields as in users.identity_providers. An issuer that
-- several tenants share must name the tenant in a claim: without one its tokens fit more than one tenant and are
-- refused for all, so that a second firm could lock the first one out by trusting the same issuer.
create or replace function users.put_identity_provider(p_tenant_id uuid, p_settings jsonb)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform pg_advisory_xact_lock(hashtextextended('issuer ' || (p_settings ->> 'issuer'), 0));
    if exists (select from users.identity_providers p
                where p.issuer = p_settings ->> 'issuer' and p.tenant_id <> p_tenant_id
                  and (p.tenant_claim is null or p_settings ->> 'tenant_claim' is null)) then
        perform platform.fail('WA409', 'state_conflict',
            'This issuer serves another tenant too, so both must name the tenant claim', '/tenant_claim');
    end if;

    insert into users.identity_providers as p (
        tenant_id, identity_provider_id, issuer, provider, audience, jwks_uri, jwks, algorithms, token_types,
        tenant_claim, role_claim, role_source, group_roles)
    select p_tenant_id, coalesce(s.identity_provider_id, gen_random_uuid()), s.issuer, s.provider, s.audience,
           s.jwks_uri, s.jwks, coalesce(s.algorithms, '{RS256}'), coalesce(s.token_types, '{at+jwt}'), s.tenant_claim,
           s.role_claim, coalesce(s.role_source, 'grants'), coalesce(s.group_roles, '{}')
      from jsonb_to_record(p_settings) as s(
        identity_provider_id uuid, issuer text, provider text, audience text[], jwks_uri text, jwks jsonb,
        algorithms text[], token_types text[], tenant_claim text, role_claim text, role_source text, group_roles jsonb)
    on conflict (issuer, tenant_id) do update
       set provider = excluded.provider, audience = excluded.audience, jwks_uri = excluded.jwks_uri,
           jwks = excluded.jwks, algorithms = excluded.algorithms, token_types = excluded.token_types,
           tenant_claim = excluded.tenant_claim, role_claim = excluded.role_claim, role_source = excluded.role_source,
           group_roles = excluded.group_roles, is_active = true, updated_at = now(), version = p.version + 1;
end
$$;
