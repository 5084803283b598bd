drop trigger if exists totp_factors_audit on users.totp_factors;
create trigger totp_factors_audit after insert or update or delete on users.totp_factors
    for each row execute function audit.row_change('factor_id');
alter table users.totp_factors enable always trigger totp_factors_audit;
