-- Makes a restored month part of the log again, if it has every event that the archive has; nothing can be written
-- into it. p_rows is how many the caller restored; what is there is counted nevertheless, with row security lifted: a
-- second restore of the month may have made the table anew under the first one's hands.
create or replace function audit.job_restore_attach(p_month date, p_rows bigint)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set lock_timeout = '250ms'
as $$
declare
    v_name text := audit.archive_partition(p_month);
    v_tenants uuid[];
    v_tenant uuid;
    v_here bigint;
    v_there bigint;
begin
    select m.tenants into v_tenants from audit.archive_months m
     where m.month = p_month and m.state = 'restoring' for update;
    if not found then
        perform platform.fail('WA409', 'state_conflict', 'This month is not being restored');
    end if;
    v_there := audit.archived_rows(p_month);
    execute format('alter table audit.%I no force row level security', v_name);
    execute format('select count(*) from audit.%I', v_name) into v_here;
    execute format('alter table audit.%I force row level security', v_name);
    if p_rows <> v_there or v_here <> v_there then
        perform platform.fail('WA409', 'state_conflict',
            format('%s of %s events were restored', least(p_rows, v_here), v_there));
    end if;
    execute format('alter table audit.audit_events attach partition audit.%I for values from (%L) to (%L)', v_name,
        p_month::text || ' 00:00:00+00', (p_month + interval '1 month')::date::text || ' 00:00:00+00');
    execute format('alter table audit.%I drop constraint restored_month_check', v_name);
    execute format('alter table audit.%I enable always trigger audit_events_append_only', v_name);
    execute format('alter table audit.%I enable always trigger audit_events_scrub', v_name);
    perform audit.close_partition(v_name);
    update audit.archive_months m set state = 'restored', restored_at = clock_timestamp() where m.month = p_month;
    foreach v_tenant in array v_tenants loop
        perform set_config('app.current_tenant_id', v_tenant::text, true);
        perform audit.write(v_tenant, 'audit_log.restored', null, 'audit_log', to_char(p_month, 'YYYY-MM'), null, null);
    end loop;
end
$$;
