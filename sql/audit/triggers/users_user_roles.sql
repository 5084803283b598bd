drop trigger if exists user_roles_audit on users.user_roles;
create trigger user_roles_audit after insert or update or delete on users.user_roles
    for each row execute function audit.row_change('user_role_id');
alter table users.user_roles enable always trigger user_roles_audit;
