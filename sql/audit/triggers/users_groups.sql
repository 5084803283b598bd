drop trigger if exists groups_audit on users.groups;
create trigger groups_audit after insert or update or delete on users.groups
    for each row execute function audit.row_change('group_id');
alter table users.groups enable always trigger groups_audit;
