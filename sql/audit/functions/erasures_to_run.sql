-- The erasures that wait for the audit log, but for those of firms that are closed, for which no job works.
create or replace function audit.erasures_to_run()
returns table (tenant_id uuid, erasure_id uuid)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid;
begin
    for v_tenant in select t.tenant_id from tenants.tenants t where t.status <> 'closed' order by 1 loop
        perform set_config('app.current_tenant_id', v_tenant::text, true);
        return query select r.tenant_id, r.erasure_id from audit.erasure_requests r
                      where r.tenant_id = v_tenant and r.status = 'executing' order by r.erasure_id;
    end loop;
end
$$;
