-- The member of a tenant in whose name a command line acts: tenant by id or public code, person by e-mail or by
-- issuer#subject, with the roles that are granted now. No row: no such active member. What it may do is decided like a
-- request's, and begin_request checks everything again in each transaction.
create or replace function users.find_member(p_tenant text, p_who text)
returns table (tenant_id uuid, issuer text, subject text, roles text[])
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid;
begin
    select t.tenant_id into v_tenant from tenants.tenants t
     where t.status = 'active' and (t.tenant_id::text = lower(p_tenant) or t.public_code = p_tenant);
    perform set_config('app.current_tenant_id', coalesce(v_tenant::text, ''), true);
    return query
        select v_tenant, i.issuer, i.subject,
               coalesce((select array_agg(r.role_name::text order by r.role_name) from users.user_roles r
                          where r.tenant_id = v_tenant and r.user_id = u.user_id and r.origin <> 'oidc'
                            and r.effective_from <= now() and (r.effective_to is null or r.effective_to > now())), '{}')
          from users.memberships m
          join users.users u on u.user_id = m.user_id
          join users.user_identities i on i.user_id = u.user_id
         where m.tenant_id = v_tenant and m.status = 'active' and u.is_active
           and (lower(u.email) = lower(p_who) or i.issuer || '#' || i.subject = p_who)
         order by i.created_at, i.issuer, i.subject
         limit 1;
end
$$;
