-- Goes on with the rehearsal p_drill_id of p_month if its table has p_rows events, as whoever left it says; else begins one
-- with an empty table: of the month that one was under way of, else of the archived month whose last one is longest ago,
-- one that had none first. What another left behind goes. A report: this rehearsal has come to its end. No row: no month
-- is in the archive. Whether a month is restored meanwhile makes no difference: its partition is another table.
create or replace function audit.job_drill_begin(p_month date, p_drill_id uuid, p_rows bigint)
returns table (month date, drill_id uuid, rows bigint, tenants uuid[], report jsonb)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_name text;
begin
    return query
    select d.month, d.drill_id, d.rows, m.tenants, d.report
      from audit.archive_drills d join audit.archive_months m on m.month = d.month
     where d.month = p_month and d.drill_id = p_drill_id
       and (d.rows = p_rows and to_regclass('audit.' || audit.drill_table(d.month)) is not null or d.report is not null);
    if found then
        return;
    end if;
    select m.month into month
      from audit.archive_months m left join audit.archive_drills d on d.month = m.month
     where m.state = 'dropped' and m.tenants <> '{}'
     order by d.month is not null and d.ended_at is null desc, d.ended_at nulls first, m.month limit 1
       for share of m;
    if not found then
        return;
    end if;
    for v_name in select c.relname from pg_catalog.pg_class c
                   where c.relnamespace = 'audit'::regnamespace and c.relname ~ '^drill_\d{4}_\d{2}$' and c.relkind = 'r' loop
        execute format('drop table audit.%I', v_name);
    end loop;
    v_name := audit.drill_table(month);
    -- The log's own key: what comes twice is refused, and each event is found again by it.
    execute format('create table audit.%I (like audit.audit_events including defaults including constraints including storage, '
        'primary key (tenant_id, event_id, occurred_at))', v_name);
    perform audit.fence_partition(v_name);
    execute format('create policy owner_read on audit.%I for select to wealth_owner using (true)', v_name);
    delete from audit.archive_drills d where d.month = job_drill_begin.month;
    return query
    insert into audit.archive_drills as d (month) values (job_drill_begin.month)
    returning d.month, d.drill_id, d.rows,
              (select m.tenants from audit.archive_months m where m.month = d.month), d.report;
end
$$;
