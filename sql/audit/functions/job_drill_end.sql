-- Ends a rehearsal and drops its table; gives the report that is kept. Before that all rows are counted, as when a month
-- leaves the database: row security is lifted from the table, so that events of no known log are found, and there must be
-- as many as the archive has and as p_report says. An alarm in p_report: it failed, and why. Ended already: what was
-- kept then.
create or replace function audit.job_drill_end(p_month date, p_drill_id uuid, p_report jsonb)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_drill audit.archive_drills;
    v_name text := audit.drill_table(p_month);
    v_report jsonb := p_report;
    v_here bigint;
    v_there bigint;
begin
    select * into v_drill from audit.archive_drills d where d.month = p_month and d.drill_id = p_drill_id for update;
    if not found then
        perform platform.fail('WA409', 'state_conflict', 'This rehearsal is in other hands');
    elsif v_drill.report is not null then
        return v_drill.report;
    end if;
    v_there := audit.archived_rows(p_month);
    execute format('alter table audit.%I no force row level security', v_name);
    execute format('select count(*) from audit.%I', v_name) into v_here;
    if not v_report ? 'alarm' and (v_here <> v_there or v_here <> (v_report ->> 'rows')::bigint) then
        v_report := v_report || jsonb_build_object('alarm', format(
            '%s cannot be brought back: %s events came out of the archive, %s of them are there, and it had %s',
            to_char(p_month, 'YYYY-MM'), v_report ->> 'rows', v_here, v_there));
    end if;
    v_report := v_report || jsonb_build_object('outcome', case when v_report ? 'alarm' then 'failed' else 'restored' end);
    execute format('drop table audit.%I', v_name);
    update audit.archive_drills d set ended_at = clock_timestamp(), report = v_report where d.month = p_month;
    return v_report;
end
$$;
