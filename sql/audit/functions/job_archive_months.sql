-- How far each month is, newest first, with what the archive has of it and the logs that have events in it.
create or replace function audit.job_archive_months()
returns table (
    month date, state text, tenants uuid[], rows bigint, bytes bigint, begun_at timestamptz, dropped_at timestamptz,
    restored_at timestamptz, held boolean)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid;
    v record;
begin
    for month, state, tenants, begun_at, dropped_at, restored_at, held in
        select m.month, m.state, m.tenants, m.begun_at, m.dropped_at, m.restored_at,
               m.state in ('verified', 'detached') and not audit.partition_may_go(audit.archive_partition(m.month))
                   or m.state = 'verified' and audit.month_is_being_erased(m.month, m.tenants)
          from audit.archive_months m order by m.month desc loop
        rows := 0;
        bytes := 0;
        foreach v_tenant in array tenants loop
            perform set_config('app.current_tenant_id', v_tenant::text, true);
            select coalesce(sum(f.rows), 0) as rows, coalesce(sum(f.bytes), 0) as bytes into v
              from audit.archive_files f where f.tenant_id = v_tenant and f.month = job_archive_months.month;
            rows := rows + v.rows;
            bytes := bytes + v.bytes;
        end loop;
        return next;
    end loop;
end
$$;
