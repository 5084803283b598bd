-- Makes the next index of the log on a month that is being restored: one a call, for each takes its time, and each has to
-- end within the login's statement timeout: sorted in memory where the month allows it. False: it has them all.
create or replace function audit.job_restore_index(p_month date)
returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set maintenance_work_mem = '512MB'
as $$
declare
    v_name text := audit.archive_partition(p_month);
    v_done integer;
    v record;
begin
    perform from audit.archive_months m where m.month = p_month and m.state = 'restoring' for share;
    if not found then
        perform platform.fail('WA409', 'state_conflict', 'This month is not being restored');
    end if;
    select count(*) into v_done from pg_catalog.pg_index i where i.indrelid = to_regclass('audit.' || v_name);
    select i.indexrelid, i.indisprimary, pg_get_constraintdef(k.oid) as key into v
      from pg_catalog.pg_index i left join pg_catalog.pg_constraint k on k.conindid = i.indexrelid and k.contype = 'p'
     where i.indrelid = 'audit.audit_events'::regclass order by i.indexrelid limit 1 offset v_done;
    if not found then
        return false;
    end if;
    if v.indisprimary then
        execute format('alter table audit.%I add %s', v_name, v.key);
    else
        execute regexp_replace(pg_get_indexdef(v.indexrelid), '^CREATE INDEX \S+ ON (ONLY )?\S+',
            format('create index on audit.%I', v_name));
    end if;
    return true;
end
$$;
