-- Filled in bulk, so audited by statement.
drop trigger if exists rate_history_audit_insert on rates.rate_history;
create trigger rate_history_audit_insert after insert on rates.rate_history referencing new table as new_rows
    for each statement execute function audit.statement_insert('rate_history_id');
alter table rates.rate_history enable always trigger rate_history_audit_insert;
drop trigger if exists rate_history_audit_update on rates.rate_history;
create trigger rate_history_audit_update after update on rates.rate_history referencing old table as old_rows new table as new_rows
    for each statement execute function audit.statement_update('rate_history_id');
alter table rates.rate_history enable always trigger rate_history_audit_update;
drop trigger if exists rate_history_audit_delete on rates.rate_history;
create trigger rate_history_audit_delete after delete on rates.rate_history referencing old table as old_rows
    for each statement execute function audit.statement_delete('rate_history_id');
alter table rates.rate_history enable always trigger rate_history_audit_delete;
