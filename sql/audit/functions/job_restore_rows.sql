-- Puts events of the archive into the table of a month that is being restored (audit.put_back).
create or replace function audit.job_restore_rows(p_tenant_id uuid, p_month date, p_rows text)
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform set_config('app.current_tenant_id', p_tenant_id::text, true);
    perform from audit.archive_months m where m.month = p_month and m.state = 'restoring' for share;
    if not found then
        perform platform.fail('WA409', 'state_conflict', 'This month is not being restored');
    end if;
    return audit.put_back(audit.archive_partition(p_month), p_rows);
end
$$;
