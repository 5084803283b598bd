drop trigger if exists log_leaves_append_only on audit.log_leaves;
create trigger log_leaves_append_only before update or delete on audit.log_leaves
    for each row execute function audit.append_only();
alter table audit.log_leaves enable always trigger log_leaves_append_only;
drop trigger if exists log_leaves_no_truncate on audit.log_leaves;
create trigger log_leaves_no_truncate before truncate on audit.log_leaves
    for each statement execute function audit.append_only();
alter table audit.log_leaves enable always trigger log_leaves_no_truncate;
