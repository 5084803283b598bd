set local role wealth_owner;

-- Disposal in two steps (X-19): a list of records whose time is over, proposed by one person or by the job, approved by
-- another, executed after a wait, and certified in the audit log.
create table audit.disposals (
    tenant_id uuid not null,
    disposal_id uuid not null default gen_random_uuid(),
    table_name text not null,
    as_of date not null,
    reason text not null,
    status text not null default 'proposed',
    proposed_at timestamptz not null default clock_timestamp(),
    proposed_by varchar(255) not null,
    proposed_by_user_id uuid,
    -- Records on the list, and those that were left out because a hold is over them.
    records bigint not null,
    held bigint not null,
    decided_at timestamptz,
    decided_by varchar(255),
    decided_by_user_id uuid,
    decision_note text,
    -- The first day on which it may be executed.
    execute_on date,
    finished_at timestamptz,
    disposed bigint,
    kept jsonb,
    ids_sha256 bytea,
    version bigint not null default 1,
    constraint disposals_pkey primary key (tenant_id, disposal_id),
    constraint disposals_tenant_fkey foreign key (tenant_id) references tenants.tenants (tenant_id),
    constraint disposals_table_fkey foreign key (table_name) references audit.retention_tables (table_name),
    constraint disposals_reason_check check (length(reason) > 0),
    constraint disposals_status_check check (status in ('proposed', 'approved', 'rejected', 'done')),
    constraint disposals_decided_check check ((status = 'proposed') = (decided_at is null)),
    constraint disposals_execute_check check ((status in ('approved', 'done')) = (execute_on is not null)),
    constraint disposals_finished_check check (
        (status = 'done') = (finished_at is not null) and (status = 'done') = (disposed is not null)
        and (status = 'done') = (ids_sha256 is not null)),
    constraint disposals_four_eyes_check check (
        status not in ('approved', 'done')
        or decided_by_user_id is not null and decided_by_user_id is distinct from proposed_by_user_id),
    constraint disposals_version_check check (version > 0)
);
create index idx_disposals_table on audit.disposals (table_name);
create index idx_disposals_due on audit.disposals (tenant_id, execute_on) where status = 'approved';

create table audit.disposal_items (
    tenant_id uuid not null,
    disposal_id uuid not null,
    record_id text not null,
    retain_until date not null,
    state text not null default 'pending',
    why text,
    -- The transaction that disposes of it: in this one, and for this record, the guards of its table let it go.
    xact xid8,
    constraint disposal_items_pkey primary key (tenant_id, disposal_id, record_id),
    constraint disposal_items_disposal_fkey foreign key (tenant_id, disposal_id)
        references audit.disposals (tenant_id, disposal_id),
    constraint disposal_items_state_check check (
        case when state = 'pending' then why is null and xact is null
                   when state = 'disposed' then why is null and xact is not null
                   when state = 'kept' then why in ('held', 'not_due', 'in_use', 'gone') and xact is null
                   else false end)
);
create index idx_disposal_items_pending on audit.disposal_items (tenant_id, disposal_id, record_id) where state = 'pending';
create index idx_disposal_items_xact on audit.disposal_items (tenant_id, xact) where xact is not null;

-- What a person asked to be forgotten, and the answer field by field.
create table audit.erasure_requests (
    tenant_id uuid not null,
    erasure_id uuid not null default gen_random_uuid(),
    person_id uuid not null,
    ground text not null,
    reason text not null,
    status text not null default 'received',
    requested_at timestamptz not null default clock_timestamp(),
    requested_by varchar(255) not null,
    requested_by_user_id uuid,
    decided_at timestamptz,
    decided_by varchar(255),
    decided_by_user_id uuid,
    answer jsonb,
    finished_at timestamptz,
    events bigint not null default 0,
    events_sha256 bytea,
    version bigint not null default 1,
    constraint erasure_requests_pkey primary key (tenant_id, erasure_id),
    constraint erasure_requests_member_fkey foreign key (tenant_id, person_id)
        references users.memberships (tenant_id, user_id),
    constraint erasure_requests_ground_check check (ground in ('gdpr_17', 'ccpa_1798_105', 'firm')),
    constraint erasure_requests_reason_check check (length(reason) > 0),
    constraint erasure_requests_status_check check (status in ('received', 'executing', 'done', 'rejected')),
    constraint erasure_requests_decided_check check ((status = 'received') = (decided_at is null)),
    constraint erasure_requests_answer_check check ((status in ('executing', 'done')) = (answer is not null)),
    constraint erasure_requests_finished_check check (
        (status = 'done') = (finished_at is not null) and (status = 'done') = (events_sha256 is not null)),
    constraint erasure_requests_four_eyes_check check (
        status not in ('executing', 'done')
        or decided_by_user_id is not null and decided_by_user_id is distinct from requested_by_user_id),
    constraint erasure_requests_version_check check (version > 0)
);
create index idx_erasure_requests_person on audit.erasure_requests (tenant_id, person_id);
create index idx_erasure_requests_executing on audit.erasure_requests (tenant_id, erasure_id) where status = 'executing';

-- Their successors, with the columns below, come with the repeatable objects of the same release.
drop function if exists audit.job_seal_take(uuid, integer);
drop function if exists audit.job_archive_page(uuid, date, bigint, integer);

-- An erased part of an event is nothing but the commitment to it (docs/adr/0015). The salt goes with the first part; the
-- key of the part that stays takes its place. erasures: which requests destroyed what.
alter table audit.audit_events alter column salt drop not null;
alter table audit.audit_events
    add column actor_commitment bytea,
    add column content_commitment bytea,
    add column actor_key bytea,
    add column content_key bytea,
    add column erasures uuid[],
    add constraint audit_events_erased_check check (
        case when erasures is null
             then salt is not null and num_nonnulls(actor_commitment, content_commitment, actor_key, content_key) = 0
             else salt is null and cardinality(erasures) between 1 and 2
                  and num_nonnulls(actor_commitment, actor_key) = 1
                  and num_nonnulls(content_commitment, content_key) = 1
                  and num_nonnulls(actor_commitment, content_commitment) > 0
                  and length(coalesce(actor_commitment, actor_key)) = 32
                  and length(coalesce(content_commitment, content_key)) = 32
                  and (actor_commitment is null or num_nonnulls(actor_label, ip_address, user_agent, session_ref) = 0)
                  and (content_commitment is null or num_nonnulls(old_values, new_values, details, reason) = 0) end);

alter table audit.disposals enable row level security, force row level security;
alter table audit.disposal_items enable row level security, force row level security;
alter table audit.erasure_requests enable row level security, force row level security;
