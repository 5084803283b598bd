set local role wealth_owner;

create schema if not exists jobs;
grant usage on schema jobs to app_read_only, app_read_write, app_admin;

-- Every run of a scheduled job (docs/adr/0016): for one tenant, or with the nil UUID for the platform, hence without a
-- foreign key. A job that is due once in a period has one run for each business date; one that comes more often has one for
-- each turn of its schedule. The row is claim, progress and report in one: a second delivery finds it, a second process
-- finds the lease, whoever goes on finds the cursor.
create table jobs.runs (
    tenant_id uuid not null,
    run_id uuid not null default gen_random_uuid(),
    job text not null,
    business_date date not null,
    -- Of a job that comes more than once a day: when it was due. Null for the one run of a period.
    turn timestamptz,
    scheduled_at timestamptz not null,
    -- waiting; running, under a lease; done; failed, given up after its attempts; skipped, a later run does its work.
    state text not null default 'waiting',
    -- Grows with every claim: whoever holds an older one may write nothing more.
    epoch integer not null default 0,
    lease_owner uuid,
    lease_until timestamptz,
    failures integer not null default 0,
    -- Where the next chunk begins; null at the beginning.
    cursor jsonb,
    chunks integer not null default 0,
    counts jsonb not null default '{}',
    report jsonb not null default '{}',
    error text,
    started_at timestamptz,
    finished_at timestamptz,
    constraint runs_pkey primary key (tenant_id, run_id),
    constraint runs_once_key unique nulls not distinct (tenant_id, job, business_date, turn),
    constraint runs_job_check check (job ~ '^[a-z][a-z0-9-]{0,62}$'),
    constraint runs_state_check check (state in ('waiting', 'running', 'done', 'failed', 'skipped')),
    constraint runs_lease_check check (
        (state = 'running') = (lease_until is not null) and (lease_until is null) = (lease_owner is null)),
    constraint runs_finished_check check ((state in ('done', 'failed', 'skipped')) = (finished_at is not null)),
    constraint runs_counts_check check (jsonb_typeof(counts) = 'object' and jsonb_typeof(report) = 'object')
);
-- One at a time, whatever the code believes.
create unique index idx_runs_running on jobs.runs (tenant_id, job) where state = 'running';
create index idx_runs_open on jobs.runs (tenant_id, job, business_date) where state in ('waiting', 'running');
create index idx_runs_failed on jobs.runs (tenant_id, finished_at) where state = 'failed';

alter table jobs.runs enable row level security;
alter table jobs.runs force row level security;

-- S0-91, S0-113: what each person did on each business date, counted once the day is over.
create table users.activity_daily (
    tenant_id uuid not null,
    business_date date not null,
    user_id uuid not null,
    sessions integer not null,
    comparisons integer not null,
    actions integer not null,
    constraint activity_daily_pkey primary key (tenant_id, business_date, user_id),
    constraint activity_daily_counts_check check (sessions >= 0 and comparisons >= 0 and actions >= 0)
);

alter table users.activity_daily enable row level security;
alter table users.activity_daily force row level security;
