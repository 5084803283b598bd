set local role wealth_owner;

-- Everything that happened, for seven years and more (S0-58 … S0-70, X-02, X-14). One row per event, one partition per
-- month (UTC), no DEFAULT partition: audit.ensure_partitions makes the months ahead, and a missing month is an error
-- that must be seen, not a heap that must be emptied. No foreign key leads out of it: the actor's id outlives the actor
-- (C0-10). Events of the platform itself, which concern no tenant, carry the nil UUID.
create table audit.audit_events (
    event_id uuid not null default gen_random_uuid(),
    tenant_id uuid not null,
    occurred_at timestamptz not null default clock_timestamp(),
    recorded_at timestamptz not null default clock_timestamp(),
    actor_id uuid,
    actor_type text not null,
    actor_label text,
    action text not null,
    legacy_action varchar(50),
    resource_type text,
    resource_id text,
    old_values jsonb,
    new_values jsonb,
    details jsonb,
    ip_address inet,
    user_agent text,
    session_id uuid,
    session_ref text,
    request_id uuid,
    transaction_name text,
    outcome text not null default 'success',
    reason text,
    purpose text,
    constraint audit_events_pkey primary key (tenant_id, event_id, occurred_at),
    constraint audit_events_actor_type_check check (actor_type in ('user', 'service', 'system', 'database')),
    constraint audit_events_outcome_check check (outcome in ('success', 'failure', 'denied')),
    constraint audit_events_action_check check (length(action) between 1 and 100)
) partition by range (occurred_at);

create index idx_audit_log_user_id on audit.audit_events (tenant_id, actor_id, occurred_at);
create index idx_audit_log_timestamp on audit.audit_events using brin (occurred_at);
create index idx_audit_log_action_type on audit.audit_events (tenant_id, action, occurred_at);
create index idx_audit_log_table_name on audit.audit_events (tenant_id, resource_type, occurred_at);
create index idx_audit_log_record_id on audit.audit_events (tenant_id, resource_id, occurred_at);

alter table audit.audit_events enable row level security;
alter table audit.audit_events force row level security;
