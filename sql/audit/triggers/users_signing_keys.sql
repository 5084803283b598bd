drop trigger if exists signing_keys_audit on users.signing_keys;
create trigger signing_keys_audit after insert or update or delete on users.signing_keys
    for each row execute function audit.row_change('key_id');
alter table users.signing_keys enable always trigger signing_keys_audit;
