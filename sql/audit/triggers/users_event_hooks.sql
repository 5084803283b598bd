drop trigger if exists event_hooks_audit on users.event_hooks;
create trigger event_hooks_audit after insert or update or delete on users.event_hooks
    for each row execute function audit.row_change('hook_id');
alter table users.event_hooks enable always trigger event_hooks_audit;
