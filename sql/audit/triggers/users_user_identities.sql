drop trigger if exists user_identities_audit on users.user_identities;
create trigger user_identities_audit after insert or update or delete on users.user_identities
    for each row execute function audit.row_change('identity_id');
alter table users.user_identities enable always trigger user_identities_audit;
