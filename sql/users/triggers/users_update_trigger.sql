drop trigger if exists users_update_trigger on users.users;
create trigger users_update_trigger before update on users.users
    for each row execute function users.user_activity_trigger();
