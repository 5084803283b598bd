-- Puts events of the archive into the table of a rehearsal that has p_after events (audit.put_back). Refused to whoever
-- lost it: the table then holds something else, or is gone.
create or replace function audit.job_drill_rows(
    p_tenant_id uuid, p_month date, p_drill_id uuid, p_after bigint, p_rows text)
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_rows bigint;
begin
    perform set_config('app.current_tenant_id', p_tenant_id::text, true);
    perform from audit.archive_drills d
      where d.month = p_month and d.drill_id = p_drill_id and d.rows = p_after and d.report is null
        for update;
    if not found then
        perform platform.fail('WA409', 'state_conflict', 'This rehearsal is in other hands');
    end if;
    v_rows := audit.put_back(audit.drill_table(p_month), p_rows);
    update audit.archive_drills d set rows = p_after + v_rows where d.month = p_month;
    return v_rows;
end
$$;
