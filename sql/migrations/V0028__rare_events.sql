set local role wealth_owner;

-- One index of everything rare went through all failures of a firm to find that nothing was refused (1,204 blocks at ten
-- million events). By outcome each question ends where its page does; deletions have an index of their own.
drop index audit.idx_audit_events_rare;
create index idx_audit_events_outcome on audit.audit_events (tenant_id, outcome, occurred_at, event_id)
    where outcome <> 'success';
create index idx_audit_events_deleted on audit.audit_events (tenant_id, occurred_at, event_id)
    where legacy_action = 'DELETE';
