-- Filled in bulk, so audited by statement.
drop trigger if exists products_audit_insert on products.products;
create trigger products_audit_insert after insert on products.products referencing new table as new_rows
    for each statement execute function audit.statement_insert('product_id');
alter table products.products enable always trigger products_audit_insert;
drop trigger if exists products_audit_update on products.products;
create trigger products_audit_update after update on products.products referencing old table as old_rows new table as new_rows
    for each statement execute function audit.statement_update('product_id');
alter table products.products enable always trigger products_audit_update;
drop trigger if exists products_audit_delete on products.products;
create trigger products_audit_delete after delete on products.products referencing old table as old_rows
    for each statement execute function audit.statement_delete('product_id');
alter table products.products enable always trigger products_audit_delete;
