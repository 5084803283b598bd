-- Maps a group of a directory to a role. For groups that SCIM provisions the members have the role at once; for groups
-- named in tokens of okta, cognito and oidc issuers users.find_issuer tells the verifier.
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
    perform users.scim_sync_mapping(v_tenant, p_group_name);
end
$$;
