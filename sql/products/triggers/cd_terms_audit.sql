-- Filled in bulk, so audited by statement.
drop trigger if exists cd_terms_audit_insert on products.cd_terms;
create trigger cd_terms_audit_insert after insert on products.cd_terms referencing new table as new_rows
    for each statement execute function audit.statement_insert('product_id');
alter table products.cd_terms enable always trigger cd_terms_audit_insert;
drop trigger if exists cd_terms_audit_update on products.cd_terms;
create trigger cd_terms_audit_update after update on products.cd_terms referencing old table as old_rows new table as new_rows
    for each statement execute function audit.statement_update('product_id');
alter table products.cd_terms enable always trigger cd_terms_audit_update;
drop trigger if exists cd_terms_audit_delete on products.cd_terms;
create trigger cd_terms_audit_delete after delete on products.cd_terms referencing old table as old_rows
    for each statement execute function audit.statement_delete('product_id');
alter table products.cd_terms enable always trigger cd_terms_audit_delete;
