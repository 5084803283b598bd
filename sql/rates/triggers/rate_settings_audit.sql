drop trigger if exists rate_settings_audit on rates.rate_settings;
create trigger rate_settings_audit after insert or update or delete on rates.rate_settings
    for each row execute function audit.row_change('tenant_id');
alter table rates.rate_settings enable always trigger rate_settings_audit;
