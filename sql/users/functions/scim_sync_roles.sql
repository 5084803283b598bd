-- Gives the members p_user_ids exactly the roles that their groups give. Returns whether an administrator's grant ended.
create or replace function users.scim_sync_roles(p_tenant_id uuid, p_user_ids uuid[])
returns boolean
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_wanted record;
begin
    select array_agg(gm.user_id) as members, array_agg(p.role_name::text) as roles, array_agg(g.display_name) as names
      into v_wanted
      from users.group_members gm
      join users.groups g on g.tenant_id = gm.tenant_id and g.group_id = gm.group_id
      join users.group_role_mappings p
        on p.tenant_id = g.tenant_id and p.provider = g.provider and lower(p.group_name) = lower(g.display_name)
     where gm.tenant_id = p_tenant_id and gm.user_id = any (p_user_ids);
    return users.put_group_grants(p_tenant_id, 'scim', p_user_ids, v_wanted.members, v_wanted.roles, v_wanted.names);
end
$$;
