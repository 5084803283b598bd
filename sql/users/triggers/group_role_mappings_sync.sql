drop trigger if exists group_role_mappings_sync on users.group_role_mappings;
create trigger group_role_mappings_sync after insert or update or delete on users.group_role_mappings
    for each row execute function users.group_role_mapping_trigger();
