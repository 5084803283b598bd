-- Filled in bulk, so audited by statement.
drop trigger if exists rate_changes_audit_insert on rates.rate_changes;
create trigger rate_changes_audit_insert after insert on rates.rate_changes referencing new table as new_rows
    for each statement execute function audit.statement_insert('change_id');
alter table rates.rate_changes enable always trigger rate_changes_audit_insert;
drop trigger if exists rate_changes_audit_update on rates.rate_changes;
create trigger rate_changes_audit_update after update on rates.rate_changes referencing old table as old_rows new table as new_rows
    for each statement execute function audit.statement_update('change_id');
alter table rates.rate_changes enable always trigger rate_changes_audit_update;
drop trigger if exists rate_changes_audit_delete on rates.rate_changes;
create trigger rate_changes_audit_delete after delete on rates.rate_changes referencing old table as old_rows
    for each statement execute function audit.statement_delete('change_id');
alter table rates.rate_changes enable always trigger rate_changes_audit_delete;
