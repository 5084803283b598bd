-- Whether an erasure has begun with events of a month and has not come to its end: its certificate is made of what the
-- log has. Row security has to be told each log.
create or replace function audit.month_is_being_erased(p_month date, p_tenants uuid[])
returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
as $$
declare
    v_tenant uuid;
begin
    foreach v_tenant in array p_tenants loop
        perform set_config('app.current_tenant_id', v_tenant::text, true);
        if exists (select from audit.erasure_requests r
                     join audit.audit_events e on e.tenant_id = r.tenant_id and r.erasure_id = any (e.erasures)
                    where r.tenant_id = v_tenant and r.status = 'executing'
                      and e.occurred_at >= p_month::timestamptz and e.occurred_at < p_month + interval '1 month') then
            return true;
        end if;
    end loop;
    return false;
end
$$;
