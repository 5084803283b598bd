drop trigger if exists audit_events_append_only on audit.audit_events;
create trigger audit_events_append_only before update or delete on audit.audit_events
    for each row execute function audit.append_only();
alter table audit.audit_events enable always trigger audit_events_append_only;
drop trigger if exists audit_events_no_truncate on audit.audit_events;
create trigger audit_events_no_truncate before truncate on audit.audit_events
    for each statement execute function audit.append_only();
alter table audit.audit_events enable always trigger audit_events_no_truncate;
