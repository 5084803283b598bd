-- What a password that the firm's directory sets is judged by: the firm's rules, and the hashes that the person has and had.
-- own: whether it is the directory's to set, which it is not for a person of the platform who is a member. An id that is
-- nobody's here is that of somebody who is about to be provisioned, or of nobody.
create or replace function users.scim_password_facts(p_user_id uuid)
returns table (min_length integer, firm text, hashes text[], own boolean)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_policy users.auth_policies := users.policy_of(v_tenant);
begin
    min_length := users.min_password_length(v_policy);
    select t.name into firm from tenants.tenants t where t.tenant_id = v_tenant;
    own := not exists (select from users.memberships m join users.users u on u.user_id = m.user_id
                        where m.tenant_id = v_tenant and m.user_id = p_user_id
                          and u.directory_tenant_id is distinct from v_tenant);
    select array[c.hash] || array(
               select h.hash from users.password_history h where h.user_id = c.user_id
                order by h.replaced_at desc, h.password_history_id limit v_policy.password_history)
      into hashes
      from users.password_credentials c join users.users u on u.user_id = c.user_id
     where c.user_id = p_user_id and u.directory_tenant_id = v_tenant;
    hashes := coalesce(hashes, '{}');
    return next;
end
$$;
