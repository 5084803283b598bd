-- Puts a change of the mapping of a group to roles in force for those who are in the group.
create or replace function users.scim_sync_mapping(p_tenant_id uuid, p_group_name text)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_members uuid[] := array(
        select gm.user_id
          from users.groups g
          join users.group_members gm on gm.tenant_id = g.tenant_id and gm.group_id = g.group_id
         where g.tenant_id = p_tenant_id and lower(g.display_name) = lower(p_group_name));
begin
    if users.scim_sync_roles(p_tenant_id, v_members) then
        perform users.keep_administrator(p_tenant_id);
    end if;
end
$$;
