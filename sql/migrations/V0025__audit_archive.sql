set local role wealth_owner;

-- How long the audit log stays in the database, and how long what left it is locked (S0-133, S2-58, X-14). One row: a
-- change is an UPDATE, not a release.
create table audit.archive_settings (
    only_row boolean not null default true,
    hot_months smallint not null default 13,
    keep_years smallint not null default 7,
    constraint archive_settings_pkey primary key (only_row),
    constraint archive_settings_only_check check (only_row),
    constraint archive_settings_hot_check check (hot_months between 2 and 120),
    constraint archive_settings_keep_check check (keep_years between 7 and 10)
);
insert into audit.archive_settings default values;

-- How far each month is on its way out of the database. Every step is committed here before the next one begins, so
-- that a run may die anywhere. Logs are worked on one after the other: tenants lists those that have events in the
-- month, place says whose turn it is.
create table audit.archive_months (
    month date not null,
    state text not null default 'writing',
    tenants uuid[] not null default '{}',
    place integer not null default 1,
    begun_at timestamptz not null default clock_timestamp(),
    written_at timestamptz,
    verified_at timestamptz,
    detached_at timestamptz,
    dropped_at timestamptz,
    restored_at timestamptz,
    constraint archive_months_pkey primary key (month),
    constraint archive_months_month_check check (extract(day from month) = 1),
    constraint archive_months_state_check check (state in
        ('writing', 'written', 'verified', 'detached', 'dropped', 'restoring', 'restored')),
    constraint archive_months_place_check check (place between 1 and cardinality(tenants) + 1)
);

-- One log's part of a month: which leaves, under which signed head, and the manifest that says so.
create table audit.archive_logs (
    tenant_id uuid not null,
    month date not null,
    rows bigint not null,
    first_leaf bigint not null,
    last_leaf bigint not null,
    tree_size bigint not null,
    keep_until timestamptz not null,
    manifest_path text,
    manifest_sha256 bytea,
    verified boolean not null default false,
    constraint archive_logs_pkey primary key (tenant_id, month),
    constraint archive_logs_month_fkey foreign key (month) references audit.archive_months (month),
    constraint archive_logs_rows_check check (rows > 0),
    constraint archive_logs_leaves_check check (first_leaf >= 0 and last_leaf < tree_size and last_leaf - first_leaf >= rows - 1),
    constraint archive_logs_manifest_check check ((manifest_path is null) = (manifest_sha256 is null))
);
create index idx_archive_logs_month on audit.archive_logs (month, tenant_id);

-- Its files, in the order of the leaves. runs are the leaves in each: [[first, how many], …].
create table audit.archive_files (
    tenant_id uuid not null,
    month date not null,
    part integer not null,
    path text not null,
    sha256 bytea not null,
    bytes bigint not null,
    rows bigint not null,
    first_leaf bigint not null,
    last_leaf bigint not null,
    runs jsonb not null,
    first_at timestamptz not null,
    last_at timestamptz not null,
    verified boolean not null default false,
    constraint archive_files_pkey primary key (tenant_id, month, part),
    constraint archive_files_log_fkey foreign key (tenant_id, month) references audit.archive_logs (tenant_id, month),
    constraint archive_files_part_check check (part > 0 and rows > 0 and bytes > 0),
    constraint archive_files_sha256_check check (length(sha256) = 32)
);

alter table audit.archive_logs enable row level security;
alter table audit.archive_logs force row level security;
alter table audit.archive_files enable row level security;
alter table audit.archive_files force row level security;

-- Which leaves a month has. They came in the order of time, or nearly: a BRIN index is a few pages.
create index idx_log_leaves_time on audit.log_leaves using brin (occurred_at);
