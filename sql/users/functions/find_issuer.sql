-- Everything configured for an issuer, for every tenant that trusts it. Asked before the tenant is known, with a token
-- not yet verified: so it gives public configuration and nothing about people. The platform's own issuer is trusted by
-- every tenant and is one row without a tenant: its tokens name theirs (p_platform is its address, from the environment).
-- Which roles a group of the issuer gives stands in users.group_role_mappings under the issuer's provider; what the
-- issuer's own row says in group_roles counts too. A group may give several: {"group": ["role", ...]}.
create or replace function users.find_issuer(p_issuer text, p_platform text default null)
returns table (
    tenant_id uuid, identity_provider_id uuid, issuer text, provider text, audience text[], jwks_uri text, jwks jsonb,
    algorithms text[], token_types text[], tenant_claim text, role_claim text, role_source text, group_roles jsonb,
    directory_claim text, version bigint)
language sql stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select p.tenant_id, p.identity_provider_id, p.issuer, p.provider, p.audience, p.jwks_uri, p.jwks, p.algorithms,
           p.token_types, p.tenant_claim, p.role_claim, p.role_source, g.group_roles,
           p.directory_claim, p.version
      from users.effective_issuers(p_issuer) p
     cross join lateral (
        select coalesce(jsonb_object_agg(b.name, b.roles), '{}') as group_roles
          from (select a.name, jsonb_agg(a.role order by a.role) as roles
                  from (select e.key as name, e.value as role from jsonb_each_text(p.group_roles) e
                         union
                        select r.group_name, r.role_name from users.group_role_mappings r
                         where r.tenant_id = p.tenant_id and r.provider = p.provider) a
                 group by a.name) b) g
     where p_issuer is distinct from p_platform
    union all
    select null, null, p_issuer, 'platform', '{wealth}', null, jsonb_build_object('keys', k.keys), k.algorithms,
           '{at+jwt}', 'tenant_id', 'roles', 'grants', '{}', null, k.count
      from (select coalesce(jsonb_agg(s.public_key order by s.key_id), '[]') as keys,
                   coalesce(array_agg(distinct s.algorithm), '{}') as algorithms, count(*) as count
              from users.signing_keys s where s.retired_at is null) k
     where p_issuer = p_platform
     order by 1
$$;
