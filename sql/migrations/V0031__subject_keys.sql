set local role wealth_owner;

-- What the archive says of people is encrypted with keys of these people: an erasure cannot rewrite a file under Object Lock,
-- it destroys the key (docs/adr/0019). One live key for a person and firm; after an erasure events that come later get
-- another one. Who has a key reads: no login may select it, the job's functions hand it out.
create table audit.subject_keys (
    tenant_id uuid not null,
    key_id uuid not null default gen_random_uuid(),
    subject_id uuid not null,
    -- Each UUID brings 122 bits of the server's strong randomness.
    key bytea default sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())),
    created_at timestamptz not null default clock_timestamp(),
    destroyed_at timestamptz,
    destroyed_by uuid,
    constraint subject_keys_pkey primary key (tenant_id, key_id),
    constraint subject_keys_erasure_fkey foreign key (tenant_id, destroyed_by)
        references audit.erasure_requests (tenant_id, erasure_id),
    constraint subject_keys_key_check check (length(key) = 32),
    constraint subject_keys_destroyed_check check (
        (destroyed_at is null) = (key is not null) and (destroyed_at is null) = (destroyed_by is null))
);
create unique index idx_subject_keys_live on audit.subject_keys (tenant_id, subject_id) where destroyed_at is null;
create index idx_subject_keys_erasure on audit.subject_keys (tenant_id, destroyed_by) where destroyed_by is not null;
-- A row that was overwritten lies in its page until it is vacuumed: at once, however small the table.
alter table audit.subject_keys set (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0);

-- Which leaves in which file of the archive a key closes, so that a certificate can say what its destruction reached.
create table audit.subject_key_uses (
    tenant_id uuid not null,
    month date not null,
    part integer not null,
    key_id uuid not null,
    leaves bigint[] not null,
    constraint subject_key_uses_pkey primary key (tenant_id, month, part, key_id),
    constraint subject_key_uses_file_fkey foreign key (tenant_id, month, part)
        references audit.archive_files (tenant_id, month, part),
    constraint subject_key_uses_key_fkey foreign key (tenant_id, key_id) references audit.subject_keys (tenant_id, key_id),
    constraint subject_key_uses_leaves_check check (cardinality(leaves) > 0)
);
create index idx_subject_key_uses_key on audit.subject_key_uses (tenant_id, key_id);

alter table audit.subject_keys enable row level security, force row level security;
alter table audit.subject_key_uses enable row level security, force row level security;

-- A part that was encrypted for several people names the erasure of each whose key is gone.
alter table audit.audit_events drop constraint audit_events_erased_check;
alter table audit.audit_events add constraint audit_events_erased_check check (
    case when erasures is null
         then salt is not null and num_nonnulls(actor_commitment, content_commitment, actor_key, content_key) = 0
         else salt is null and cardinality(erasures) > 0
              and num_nonnulls(actor_commitment, actor_key) = 1
              and num_nonnulls(content_commitment, content_key) = 1
              and num_nonnulls(actor_commitment, content_commitment) > 0
              and length(coalesce(actor_commitment, actor_key)) = 32
              and length(coalesce(content_commitment, content_key)) = 32
              and (actor_commitment is null or num_nonnulls(actor_label, ip_address, user_agent, session_ref) = 0)
              and (content_commitment is null or num_nonnulls(old_values, new_values, details, reason) = 0) end);

-- Its successor, which hands out the keys of what it gives, comes with the repeatable objects of the same release.
drop function if exists audit.job_archive_page(uuid, date, bigint, integer);
