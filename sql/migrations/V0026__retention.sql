set local role wealth_owner;

-- How long records are kept, as data (S0-134, S2-51, X-14, X-19). A class says when its clock starts; its rules say for
-- how long it runs and by which regulation. A rule is never changed: a new version follows it, and a record keeps what it
-- was promised by every version that was in force since it was made (rules.md §3).
create table audit.retention_classes (
    class text not null,
    title text not null,
    basis text not null,
    constraint retention_classes_pkey primary key (class),
    constraint retention_classes_class_check check (class ~ '^[a-z][a-z_]{0,62}$'),
    constraint retention_classes_basis_check check (
        basis in ('event', 'decision', 'end_of_use', 'last_entry', 'fiscal_year_end', 'never'))
);

create table audit.retention_rules (
    class text not null,
    version integer not null,
    in_force_from date not null,
    months integer not null,
    days integer not null default 0,
    source text not null,
    constraint retention_rules_pkey primary key (class, version),
    constraint retention_rules_class_fkey foreign key (class) references audit.retention_classes (class),
    constraint retention_rules_period_check check (months between 0 and 1200 and days between 0 and 366),
    constraint retention_rules_version_check check (version > 0)
);

-- What a firm promises beyond the rules. It may only lengthen; it has versions too.
create table audit.retention_overrides (
    tenant_id uuid not null,
    class text not null,
    version bigint not null,
    in_force_from date not null,
    months integer not null,
    days integer not null default 0,
    reason text not null,
    set_at timestamptz not null default clock_timestamp(),
    set_by varchar(255) not null,
    set_by_user_id uuid,
    constraint retention_overrides_pkey primary key (tenant_id, class, version),
    constraint retention_overrides_class_fkey foreign key (class) references audit.retention_classes (class),
    constraint retention_overrides_period_check check (months between 0 and 1200 and days between 0 and 366),
    constraint retention_overrides_reason_check check (length(reason) > 0),
    constraint retention_overrides_version_check check (version > 0)
);
create index idx_retention_overrides_class on audit.retention_overrides (class);

-- Which table holds records of which classes (the longest wins), what names a record, and when it was made and its clock
-- started: SQL over the row r, of type date or timestamptz; no start is no end. persons are the columns with a person's
-- id, parents those that point to another record: {"products.products": "product_id"}. Of a guarded table no held row can
-- be deleted; record_when says, over the row old, from when on a row is a record. disposal: by itself (row), together with its parent, by the archive, by a job of its own, or never. evidence: what shows its
-- changes in the audit log, a trigger or the name of an event.
create table audit.retention_tables (
    table_name text not null,
    classes text[] not null,
    key_columns text[] not null,
    created_on text not null default 'null::date',
    clock_on text not null default 'null::date',
    persons text[] not null default '{}',
    parents jsonb not null default '{}',
    guarded boolean not null,
    record_when text not null default 'true',
    disposal text not null,
    evidence text not null,
    constraint retention_tables_pkey primary key (table_name),
    constraint retention_tables_disposal_check check (disposal in ('row', 'parent', 'archive', 'job', 'never')),
    constraint retention_tables_classes_check check (cardinality(classes) > 0 and cardinality(key_columns) > 0)
);

-- What each column holds and how it enters the audit log (X-20): as it is, masked, as a fingerprint, or not at all.
create table audit.field_classes (
    table_name text not null,
    column_name text not null,
    class text not null,
    treatment text not null,
    constraint field_classes_pkey primary key (table_name, column_name),
    constraint field_classes_class_check check (class in ('public', 'internal', 'pii', 'secret', 'credential')),
    constraint field_classes_treatment_check check (treatment in ('keep', 'mask', 'hash', 'drop')),
    -- What opens a door is in no log, not even as a hash of it.
    constraint field_classes_credential_check check (class not in ('secret', 'credential') or treatment = 'drop')
);

-- The same by table, as the triggers need it. Made from field_classes, never by hand.
create table audit.redactions (
    table_name text not null,
    dropped text[] not null,
    masked text[] not null,
    hashed text[] not null,
    constraint redactions_pkey primary key (table_name)
);

-- Legal holds: while one is not released, nothing in its scope is deleted, what is recorded later included.
create table audit.legal_holds (
    tenant_id uuid not null,
    hold_id uuid not null default gen_random_uuid(),
    name varchar(255) not null,
    reason text not null,
    status text not null default 'active',
    placed_at timestamptz not null default clock_timestamp(),
    placed_by varchar(255) not null,
    placed_by_user_id uuid,
    release_reason text,
    release_requested_at timestamptz,
    release_requested_by varchar(255),
    release_requested_by_user_id uuid,
    released_at timestamptz,
    released_by varchar(255),
    released_by_user_id uuid,
    version bigint not null default 1,
    constraint legal_holds_pkey primary key (tenant_id, hold_id),
    constraint legal_holds_tenant_fkey foreign key (tenant_id) references tenants.tenants (tenant_id),
    constraint legal_holds_name_check check (length(name) > 0),
    constraint legal_holds_reason_check check (length(reason) > 0),
    constraint legal_holds_status_check check (status in ('active', 'release_requested', 'released')),
    constraint legal_holds_requested_check check (
        (status = 'active') = (release_reason is null) and (release_reason is null) = (release_requested_at is null)),
    constraint legal_holds_released_check check ((status = 'released') = (released_at is not null)),
    constraint legal_holds_four_eyes_check check (
        status <> 'released' or (released_by_user_id is not null
                                 and released_by_user_id is distinct from release_requested_by_user_id)),
    constraint legal_holds_version_check check (version > 0)
);

create table audit.legal_hold_scopes (
    tenant_id uuid not null,
    hold_id uuid not null,
    ordinal smallint not null,
    kind text not null,
    table_name text,
    record_id text,
    person_id uuid,
    class text,
    constraint legal_hold_scopes_pkey primary key (tenant_id, hold_id, ordinal),
    constraint legal_hold_scopes_hold_fkey foreign key (tenant_id, hold_id)
        references audit.legal_holds (tenant_id, hold_id),
    constraint legal_hold_scopes_table_fkey foreign key (table_name) references audit.retention_tables (table_name),
    constraint legal_hold_scopes_class_fkey foreign key (class) references audit.retention_classes (class),
    constraint legal_hold_scopes_kind_check check (
        case when kind = 'tenant' then num_nonnulls(table_name, record_id, person_id, class) = 0
                  when kind = 'class' then class is not null and num_nonnulls(table_name, record_id, person_id) = 0
                  when kind = 'table' then table_name is not null and num_nonnulls(record_id, person_id, class) = 0
                  when kind = 'record' then table_name is not null and record_id is not null
                                     and num_nonnulls(person_id, class) = 0
                  when kind = 'person' then person_id is not null and num_nonnulls(table_name, record_id, class) = 0
                  else false end),
    constraint legal_hold_scopes_ordinal_check check (ordinal >= 0)
);
create index idx_legal_hold_scopes_table on audit.legal_hold_scopes (table_name);
create index idx_legal_hold_scopes_class on audit.legal_hold_scopes (class);

alter table audit.retention_overrides enable row level security, force row level security;
alter table audit.legal_holds enable row level security, force row level security;
alter table audit.legal_hold_scopes enable row level security, force row level security;
