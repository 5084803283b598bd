drop trigger if exists imports_audit on products.imports;
create trigger imports_audit after insert or update or delete on products.imports
    for each row execute function audit.row_change('import_id');
alter table products.imports enable always trigger imports_audit;
