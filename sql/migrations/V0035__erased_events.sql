set local role wealth_owner;

-- The certificate of an erasure names its events: few of a log, which is not read for them.
create index idx_audit_events_erased on audit.audit_events (tenant_id, occurred_at, event_id) where erasures is not null;

-- Their successors, which go on behind a place in the log, come with the repeatable objects of the same release.
drop function if exists audit.job_erasure_take(uuid, uuid, timestamptz, uuid, integer);
drop function if exists audit.erasure_events(uuid, integer);
