-- Ends the recorded grants of tokens' groups that give no role any more: a mapping was taken away, or the issuer is not
-- trusted, or its groups do not decide now. Part of every change that can bring that about.
create or replace function users.close_unmapped_grants(p_tenant_id uuid)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    perform users.close_grants(p_tenant_id, array(
        select r.user_role_id from users.user_roles r
         where r.tenant_id = p_tenant_id and r.origin = 'oidc' and r.effective_to is null
           and not exists (
                select from users.token_roles(p_tenant_id, r.issuer, array[r.okta_group_name::text]) t
                 where t.role_name = r.role_name)), 'the group gives this role no more');
end
$$;
