-- Filled in bulk, so audited by statement.
drop trigger if exists annuity_terms_audit_insert on products.annuity_terms;
create trigger annuity_terms_audit_insert after insert on products.annuity_terms referencing new table as new_rows
    for each statement execute function audit.statement_insert('product_id');
alter table products.annuity_terms enable always trigger annuity_terms_audit_insert;
drop trigger if exists annuity_terms_audit_update on products.annuity_terms;
create trigger annuity_terms_audit_update after update on products.annuity_terms referencing old table as old_rows new table as new_rows
    for each statement execute function audit.statement_update('product_id');
alter table products.annuity_terms enable always trigger annuity_terms_audit_update;
drop trigger if exists annuity_terms_audit_delete on products.annuity_terms;
create trigger annuity_terms_audit_delete after delete on products.annuity_terms referencing old table as old_rows
    for each statement execute function audit.statement_delete('product_id');
alter table products.annuity_terms enable always trigger annuity_terms_audit_delete;
