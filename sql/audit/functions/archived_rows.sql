-- How many events of a month the archive has, over all logs of it: what a month that leaves the database or comes back
-- is held against. Row security shows one log at a time, so that they are asked one by one.
create or replace function audit.archived_rows(p_month date)
returns bigint
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenants uuid[];
    v_tenant uuid;
    v_rows bigint;
    v_sum bigint := 0;
begin
    select m.tenants into v_tenants from audit.archive_months m where m.month = p_month;
    foreach v_tenant in array v_tenants loop
        perform set_config('app.current_tenant_id', v_tenant::text, true);
        select l.rows into v_rows from audit.archive_logs l
         where l.tenant_id = v_tenant and l.month = p_month and l.verified;
        v_sum := v_sum + coalesce(v_rows, 0);
    end loop;
    return v_sum;
end
$$;
