set local role wealth_owner;

-- The last rehearsal of each archived month (S0-120, X-13): whether it could be brought back. While one is under way
-- rows says how many events are in its table, so that who goes on knows whether it is where it left off; drill_id is
-- another one each time it is begun. report is what came of it.
create table audit.archive_drills (
    month date not null,
    drill_id uuid not null default gen_random_uuid(),
    rows bigint not null default 0,
    begun_at timestamptz not null default clock_timestamp(),
    ended_at timestamptz,
    report jsonb,
    constraint archive_drills_pkey primary key (month),
    constraint archive_drills_month_fkey foreign key (month) references audit.archive_months (month),
    constraint archive_drills_rows_check check (rows >= 0),
    constraint archive_drills_report_check check (
        (ended_at is null) = (report is null) and report ->> 'outcome' in ('restored', 'failed'))
);
