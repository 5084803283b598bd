-- Sets what a tenant trusts of one issuer: inserts or replaces. Fields as in users.identity_providers. That another tenant
-- trusts the same issuer is nobody's business and no conflict: whose its tokens are, users.effective_issuers says.
create or replace function users.put_identity_provider(p_tenant_id uuid, p_settings jsonb)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform pg_advisory_xact_lock(hashtextextended('issuer ' || (p_settings ->> 'issuer'), 0));
    insert into users.identity_providers as p (
        tenant_id, identity_provider_id, issuer, provider, audience, jwks_uri, jwks, algorithms, token_types,
        tenant_claim, role_claim, role_source, group_roles, directory_claim)
    select p_tenant_id, coalesce(s.identity_provider_id, gen_random_uuid()), s.issuer, s.provider, s.audience,
           s.jwks_uri, s.jwks, coalesce(s.algorithms, '{RS256}'), coalesce(s.token_types, '{at+jwt}'), s.tenant_claim,
           s.role_claim, coalesce(s.role_source, 'grants'), coalesce(s.group_roles, '{}'),
           s.directory_claim
      from jsonb_to_record(p_settings) as s(
        identity_provider_id uuid, issuer text, provider text, audience text[], jwks_uri text, jwks jsonb,
        algorithms text[], token_types text[], tenant_claim text, role_claim text, role_source text, group_roles jsonb,
        directory_claim text)
    on conflict (issuer, tenant_id) do update
       set trusted_since = case when p.is_active and p.tenant_claim is not distinct from excluded.tenant_claim
                                then p.trusted_since else now() end,
           provider = excluded.provider, audience = excluded.audience, jwks_uri = excluded.jwks_uri,
           jwks = excluded.jwks, algorithms = excluded.algorithms, token_types = excluded.token_types,
           tenant_claim = excluded.tenant_claim, role_claim = excluded.role_claim, role_source = excluded.role_source,
           group_roles = excluded.group_roles, directory_claim = excluded.directory_claim, is_active = true, updated_at = now(), version = p.version + 1;
    perform users.close_unmapped_grants(p_tenant_id);
end
$$;
