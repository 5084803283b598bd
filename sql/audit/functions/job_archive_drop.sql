-- Drops a month that has left the log, if it holds as many events as the archive. Row security is lifted from the
-- table for the count, so that events of a tenant that nobody knows of would be found; then it goes.
-- False: something holds the month back.
create or replace function audit.job_archive_drop(p_month date)
returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set lock_timeout = '250ms'
as $$
declare
    v_name text := audit.archive_partition(p_month);
    v_tenants uuid[];
    v_here bigint;
    v_there bigint;
begin
    select m.tenants into v_tenants from audit.archive_months m
     where m.month = p_month and m.state = 'detached' for update;
    if not found then
        perform platform.fail('WA409', 'state_conflict', 'Another run has done this step');
    end if;
    if not audit.partition_may_go(v_name) then
        return false;
    end if;
    execute format('alter table audit.%I no force row level security', v_name);
    execute format('select count(*) from audit.%I', v_name) into v_here;
    v_there := audit.archived_rows(p_month);
    if v_here <> v_there then
        perform platform.fail('WA409', 'chain_broken', format('%s has %s events and its archive %s', v_name, v_here, v_there));
    end if;
    execute format('drop table audit.%I', v_name);
    update audit.archive_months m set state = 'dropped', dropped_at = clock_timestamp() where m.month = p_month;
    perform set_config('app.current_tenant_id', '00000000-0000-0000-0000-000000000000', true);
    perform audit.write('00000000-0000-0000-0000-000000000000', 'audit_log.month_dropped', null, 'audit_log',
        to_char(p_month, 'YYYY-MM'), null, null, jsonb_build_object('rows', v_here, 'logs', cardinality(v_tenants)));
    return true;
end
$$;
