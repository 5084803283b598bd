-- Provisions a group with its members, and gives them the roles that are mapped to its name.
create or replace function users.scim_create_group(
    p_group_id uuid, p_display_name text, p_external_id text, p_user_ids uuid[])
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
begin
    insert into users.groups (tenant_id, group_id, display_name, external_id)
    values (v_tenant, p_group_id, p_display_name, p_external_id);
    perform users.scim_set_members(v_tenant, p_group_id, p_user_ids);
end
$$;
