drop trigger if exists checkpoints_append_only on audit.checkpoints;
create trigger checkpoints_append_only before update or delete on audit.checkpoints
    for each row execute function audit.append_only();
alter table audit.checkpoints enable always trigger checkpoints_append_only;
drop trigger if exists checkpoints_no_truncate on audit.checkpoints;
create trigger checkpoints_no_truncate before truncate on audit.checkpoints
    for each statement execute function audit.append_only();
alter table audit.checkpoints enable always trigger checkpoints_no_truncate;
