drop trigger if exists sale_settings_audit on products.sale_settings;
create trigger sale_settings_audit after insert or update or delete on products.sale_settings
    for each row execute function audit.row_change('tenant_id');
alter table products.sale_settings enable always trigger sale_settings_audit;
