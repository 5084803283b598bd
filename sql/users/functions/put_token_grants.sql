-- Records which roles a person has by the groups that a token names, from the instant at which that is first seen until
-- it is no more, so that "which roles had U on D" has an answer. What counts in a request is the token; these grants open
-- nothing by themselves (docs/adr/0014). A token that was made before the one that told last is not asked.
create or replace function users.put_token_grants(
    p_tenant_id uuid, p_user_id uuid, p_issuer text, p_groups text[], p_told_at timestamptz)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_wanted record;
begin
    perform from users.memberships m
     where m.tenant_id = p_tenant_id and m.user_id = p_user_id and m.status <> 'ended' for update;
    if not found or exists (
            select from users.user_roles r
             where r.tenant_id = p_tenant_id and r.user_id = p_user_id and r.issuer = p_issuer
               and r.told_at > p_told_at) then
        return;
    end if;
    select array_agg(p_user_id) as members, array_agg(t.role_name) as roles, array_agg(t.group_name) as names
      into v_wanted
      from users.token_roles(p_tenant_id, p_issuer, p_groups) t;
    perform users.put_group_grants(p_tenant_id, 'oidc', array[p_user_id], v_wanted.members, v_wanted.roles,
        v_wanted.names, p_issuer, p_told_at);
end
$$;
