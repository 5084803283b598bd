-- Makes an empty table for a month that was dropped, beside the log and with its fences, and gives the logs that had
-- events in it. What a restore that died left behind goes first.
create or replace function audit.job_restore_begin(p_month date)
returns setof uuid
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
as $$
declare
    v_name text := audit.archive_partition(p_month);
    v_tenants uuid[];
begin
    select m.tenants into v_tenants from audit.archive_months m
     where m.month = p_month and m.state in ('dropped', 'restoring') for update;
    if not found then
        perform platform.fail('WA409', 'state_conflict', 'Only a month that was dropped can be restored');
    end if;
    if exists (select from pg_catalog.pg_inherits i where i.inhrelid = to_regclass('audit.' || v_name)) then
        perform platform.fail('WA409', 'state_conflict', format('%s stands in the log', v_name));
    end if;
    execute format('drop table if exists audit.%I', v_name);
    execute format('create table audit.%I (like audit.audit_events including defaults including constraints '
        'including storage)', v_name);
    -- Spares the log the look at every row when the table becomes a part of it.
    execute format('alter table audit.%I add constraint restored_month_check check (occurred_at >= %L and occurred_at < %L)',
        v_name, p_month::timestamptz, p_month + interval '1 month');
    perform audit.fence_partition(v_name);
    update audit.archive_months m set state = 'restoring' where m.month = p_month;
    return query select unnest(v_tenants);
end
$$;
