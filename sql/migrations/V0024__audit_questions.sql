set local role wealth_owner;

-- Questions to the audit log that no index answered: what one call did, and what is rare in a long log (failures,
-- refusals, deletions). Request ids grow with time, so that the first is filled at its right edge; the second is small.
create index idx_audit_events_request_id on audit.audit_events (tenant_id, request_id);
create index idx_audit_events_rare on audit.audit_events (tenant_id, occurred_at, event_id)
    where outcome <> 'success' or legacy_action = 'DELETE';
