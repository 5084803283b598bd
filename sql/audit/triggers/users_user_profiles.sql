drop trigger if exists user_profiles_audit on users.user_profiles;
create trigger user_profiles_audit after insert or update or delete on users.user_profiles
    for each row execute function audit.row_change('user_id');
alter table users.user_profiles enable always trigger user_profiles_audit;
