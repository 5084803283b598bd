-- Takes a mapping of a group to a role away, and with it (by the table's trigger) the role of those who had it so.
create or replace function users.delete_group_role_mapping(p_mapping_id uuid, p_version bigint)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_mapping record;
begin
    select p.version into v_mapping from users.group_role_mappings p
     where p.tenant_id = v_tenant and p.mapping_id = p_mapping_id for update;
    if not found then
        perform platform.fail('WA404', 'not_found', 'There is no such mapping');
    elsif v_mapping.version <> p_version then
        perform platform.fail('WA412', 'version_conflict', 'The mapping has changed since it was read');
    end if;
    delete from users.group_role_mappings p where p.tenant_id = v_tenant and p.mapping_id = p_mapping_id;
end
$$;
