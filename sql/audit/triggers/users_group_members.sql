-- Filled in bulk, so audited by statement.
drop trigger if exists group_members_audit_insert on users.group_members;
create trigger group_members_audit_insert after insert on users.group_members referencing new table as new_rows
    for each statement execute function audit.statement_insert('group_id');
alter table users.group_members enable always trigger group_members_audit_insert;
drop trigger if exists group_members_audit_delete on users.group_members;
create trigger group_members_audit_delete after delete on users.group_members referencing old table as old_rows
    for each statement execute function audit.statement_delete('group_id');
alter table users.group_members enable always trigger group_members_audit_delete;
