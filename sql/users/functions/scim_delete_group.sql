-- Removes a group and ends the roles that it gave.
create or replace function users.scim_delete_group(p_group_id uuid, p_version bigint)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
begin
    perform users.scim_lock_group(p_group_id, p_version);
    perform users.scim_set_members(v_tenant, p_group_id, '{}');
    delete from users.groups g where g.tenant_id = v_tenant and g.group_id = p_group_id;
end
$$;
