set local role wealth_owner;

-- S0-140: the nightly comparison with a firm's directory, one for each of its days: how far it has read, what differed and
-- what was done. The cursor and the lease make it go on where a function stopped, one at a time.
create table users.directory_runs (
    tenant_id uuid not null,
    run_id uuid not null default gen_random_uuid(),
    day date not null,
    status text not null default 'reading',
    started_at timestamptz not null,
    finished_at timestamptz,
    cursor jsonb not null default '{"phase": "people"}',
    lease_epoch integer not null default 0,
    lease_until timestamptz,
    counts jsonb not null default '{}',
    differences jsonb not null default '[]',
    reason text,
    confirmed_by uuid,
    constraint directory_runs_pkey primary key (tenant_id, run_id),
    constraint directory_runs_tenant_fkey foreign key (tenant_id) references tenants.tenants (tenant_id),
    -- reading, done; held: too much would be taken away at once, a person must confirm; superseded by a later one; failed.
    constraint directory_runs_status_check check (status in ('reading', 'done', 'held', 'superseded', 'failed')),
    constraint directory_runs_cursor_check check (jsonb_typeof(cursor) = 'object')
);
create unique index idx_directory_runs_day on users.directory_runs (tenant_id, day);

-- What a run has read so far; it goes when the run is over.
create table users.directory_seen (
    tenant_id uuid not null,
    run_id uuid not null,
    kind text not null,
    id text not null,
    group_id text not null default '',
    name text,
    login text,
    active boolean,
    constraint directory_seen_pkey primary key (tenant_id, run_id, kind, group_id, id),
    constraint directory_seen_run_fkey foreign key (tenant_id, run_id)
        references users.directory_runs (tenant_id, run_id) on delete cascade,
    constraint directory_seen_kind_check check (kind in ('person', 'group', 'member')),
    constraint directory_seen_id_check check (length(id) between 1 and 255)
);
create index idx_directory_events_pending on users.directory_events (tenant_id, published) where outcome = 'pending';

alter table users.directory_runs enable row level security;
alter table users.directory_runs force row level security;
alter table users.directory_seen enable row level security;
alter table users.directory_seen force row level security;
