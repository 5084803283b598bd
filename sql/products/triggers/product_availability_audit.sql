-- Filled in bulk, so audited by statement.
drop trigger if exists product_availability_audit_insert on products.product_availability;
create trigger product_availability_audit_insert after insert on products.product_availability referencing new table as new_rows
    for each statement execute function audit.statement_insert('availability_id');
alter table products.product_availability enable always trigger product_availability_audit_insert;
drop trigger if exists product_availability_audit_update on products.product_availability;
create trigger product_availability_audit_update after update on products.product_availability referencing old table as old_rows new table as new_rows
    for each statement execute function audit.statement_update('availability_id');
alter table products.product_availability enable always trigger product_availability_audit_update;
drop trigger if exists product_availability_audit_delete on products.product_availability;
create trigger product_availability_audit_delete after delete on products.product_availability referencing old table as old_rows
    for each statement execute function audit.statement_delete('availability_id');
alter table products.product_availability enable always trigger product_availability_audit_delete;
