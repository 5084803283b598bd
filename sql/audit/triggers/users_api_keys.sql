drop trigger if exists api_keys_audit on users.api_keys;
create trigger api_keys_audit after insert or update or delete on users.api_keys
    for each row execute function audit.row_change('api_key_id');
alter table users.api_keys enable always trigger api_keys_audit;
