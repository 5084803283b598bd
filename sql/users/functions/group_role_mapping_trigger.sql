-- A change of the mapping of a group to roles takes effect at once for those who are in the group. For groups that tokens
-- name users.find_issuer tells the verifier, and what a token had given and is taken away ends here.
create or replace function users.group_role_mapping_trigger()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op <> 'INSERT' then
        perform users.scim_sync_mapping(old.tenant_id, old.group_name);
    end if;
    if tg_op <> 'DELETE' then
        perform users.scim_sync_mapping(new.tenant_id, new.group_name);
    end if;
    if tg_op <> 'INSERT' and old.provider <> 'scim' then
        perform users.close_unmapped_grants(old.tenant_id);
    end if;
    return null;
end
$$;
