-- Lets a restored month go again: the archive is read back anew, and then it leaves the log as it did the first time. Of
-- one that is still being restored the part that is there goes at once; it is no part of the log.
create or replace function audit.job_archive_release(p_month date)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_name text := audit.archive_partition(p_month);
    v_tenants uuid[];
    v_tenant uuid;
begin
    update audit.archive_months m set state = 'dropped' where m.month = p_month and m.state = 'restoring'
       and not exists (select from pg_catalog.pg_inherits i where i.inhrelid = to_regclass('audit.' || v_name));
    if found then
        execute format('drop table if exists audit.%I', v_name);
        return;
    end if;
    update audit.archive_months m set state = 'written', place = 1
     where m.month = p_month and m.state = 'restored' returning m.tenants into v_tenants;
    if not found then
        perform platform.fail('WA409', 'state_conflict', 'Only a month that was restored can be released');
    end if;
    foreach v_tenant in array v_tenants loop
        perform set_config('app.current_tenant_id', v_tenant::text, true);
        update audit.archive_files f set verified = false where f.tenant_id = v_tenant and f.month = p_month;
        update audit.archive_logs l set verified = false where l.tenant_id = v_tenant and l.month = p_month;
    end loop;
    if v_tenants = '{}' then
        update audit.archive_months m set state = 'verified' where m.month = p_month;
    end if;
end
$$;
