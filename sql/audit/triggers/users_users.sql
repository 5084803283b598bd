drop trigger if exists users_audit on users.users;
create trigger users_audit after insert or update or delete on users.users
    for each row execute function audit.row_change('user_id');
alter table users.users enable always trigger users_audit;
