-- Takes a month that is archived and verified out of the log. DETACH CONCURRENTLY can run in no function and no
-- transaction, and who may log in owns nothing: so this is the plain one, which needs the whole log for a moment. It
-- waits for it a quarter of a second at most, because whoever comes behind waits as long; the caller tries again.
-- False: something holds the month back, which is also an erasure that has begun with it.
create or replace function audit.job_archive_detach(p_month date)
returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set lock_timeout = '250ms'
as $$
declare
    v_name text := audit.archive_partition(p_month);
    v_tenants uuid[];
begin
    select m.tenants into v_tenants from audit.archive_months m
     where m.month = p_month and m.state = 'verified' for update;
    if not found then
        perform platform.fail('WA409', 'state_conflict', 'Another run has done this step');
    end if;
    if not audit.partition_may_go(v_name) or audit.month_is_being_erased(p_month, v_tenants) then
        return false;
    end if;
    execute format('alter table audit.audit_events detach partition audit.%I', v_name);
    update audit.archive_months m set state = 'detached', detached_at = clock_timestamp() where m.month = p_month;
    return true;
end
$$;
