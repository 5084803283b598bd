drop trigger if exists group_role_mappings_audit on users.group_role_mappings;
create trigger group_role_mappings_audit after insert or update or delete on users.group_role_mappings
    for each row execute function audit.row_change('mapping_id');
alter table users.group_role_mappings enable always trigger group_role_mappings_audit;
