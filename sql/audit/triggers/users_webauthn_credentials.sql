drop trigger if exists webauthn_credentials_audit on users.webauthn_credentials;
create trigger webauthn_credentials_audit after insert or update or delete on users.webauthn_credentials
    for each row execute function audit.row_change('factor_id');
alter table users.webauthn_credentials enable always trigger webauthn_credentials_audit;
