-- Maps a group of a directory to a role. The table's trigger gives it to those who are in the group.
create or replace function users.create_group_role_mapping(
    p_mapping_id uuid, p_provider text, p_group_name text, p_role_name text)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
begin
    perform users.check_rank(p_role_name);
    insert into users.group_role_mappings (tenant_id, mapping_id, provider, group_name, role_name, created_by)
    values (v_tenant, p_mapping_id, p_provider, p_group_name, p_role_name,
            left(nullif(current_setting('app.current_user_label', true), ''), 255));
end
$$;
