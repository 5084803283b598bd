-- Replaces a group. A new name is another name to the mapping of roles, so the roles of all its members follow. Members
-- that are NULL stay as they are.
create or replace function users.scim_update_group(
    p_group_id uuid, p_version bigint, p_display_name text, p_external_id text, p_user_ids uuid[])
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_renamed boolean;
begin
    perform users.scim_lock_group(p_group_id, p_version);
    select g.display_name <> p_display_name into v_renamed
      from users.groups g where g.tenant_id = v_tenant and g.group_id = p_group_id;
    update users.groups g
       set display_name = p_display_name, external_id = p_external_id, updated_at = now(), version = g.version + 1
     where g.tenant_id = v_tenant and g.group_id = p_group_id;
    if p_user_ids is not null then
        perform users.scim_set_members(v_tenant, p_group_id, p_user_ids);
    end if;
    if v_renamed and users.scim_sync_roles(v_tenant, array(
            select gm.user_id from users.group_members gm
             where gm.tenant_id = v_tenant and gm.group_id = p_group_id)) then
        perform users.keep_administrator(v_tenant);
    end if;
end
$$;
