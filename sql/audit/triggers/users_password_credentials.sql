drop trigger if exists password_credentials_audit on users.password_credentials;
create trigger password_credentials_audit after insert or update or delete on users.password_credentials
    for each row execute function audit.row_change('user_id');
alter table users.password_credentials enable always trigger password_credentials_audit;
