drop trigger if exists auth_policies_audit on users.auth_policies;
create trigger auth_policies_audit after insert or update or delete on users.auth_policies
    for each row execute function audit.row_change('tenant_id');
alter table users.auth_policies enable always trigger auth_policies_audit;
