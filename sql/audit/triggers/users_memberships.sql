drop trigger if exists memberships_audit on users.memberships;
create trigger memberships_audit after insert or update or delete on users.memberships
    for each row execute function audit.row_change('user_id');
alter table users.memberships enable always trigger memberships_audit;
