-- users.identity_provider_list: the issuers that the tenant trusts. No parameters
select p.identity_provider_id, p.issuer, p.provider, p.audience, p.jwks_uri, p.algorithms, p.token_types, p.tenant_claim,
       p.role_claim, p.role_source, p.group_roles, p.directory_claim, p.updated_at, p.version
  from users.identity_providers p
 where p.tenant_id = platform.current_tenant_id() and p.is_active
 order by p.issuer
