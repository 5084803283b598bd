-- Which of the groups that a token of an issuer names gives which role in a tenant, as users.find_issuer tells the
-- verifier. Nothing where groups do not decide (role_source).
create or replace function users.token_roles(p_tenant_id uuid, p_issuer text, p_groups text[])
returns table (group_name text, role_name text)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select e.key, e.value
      from users.identity_providers p cross join lateral jsonb_each_text(p.group_roles) e
      join users.roles r on r.role_name = e.value
     where p.tenant_id = p_tenant_id and p.issuer = p_issuer and p.is_active and p.role_source = 'claims'
       and e.key = any (p_groups)
    union
    select m.group_name, m.role_name::text
      from users.identity_providers p
      join users.group_role_mappings m on m.tenant_id = p.tenant_id and m.provider = p.provider
     where p.tenant_id = p_tenant_id and p.issuer = p_issuer and p.is_active and p.role_source = 'claims'
       and m.group_name = any (p_groups)
$$;
