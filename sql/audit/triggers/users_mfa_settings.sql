drop trigger if exists mfa_settings_audit on users.mfa_settings;
create trigger mfa_settings_audit after insert or update or delete on users.mfa_settings
    for each row execute function audit.row_change('user_id');
alter table users.mfa_settings enable always trigger mfa_settings_audit;
