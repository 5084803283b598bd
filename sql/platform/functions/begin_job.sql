-- The same for a scheduled job, which acts for a tenant without a person. Executable by the jobs service only.
create or replace function platform.begin_job(
    p_tenant_id uuid, p_job text, p_now timestamptz, p_request_id uuid)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_zone text;
begin
    select t.time_zone into v_zone from tenants.tenants t where t.tenant_id = p_tenant_id and t.status <> 'closed';
    if not found then
        perform platform.fail('WA401', 'tenant_inactive', 'This tenant is not active');
    end if;
    perform platform.set_context(p_tenant_id, null, p_job, 'SystemAdministrator', 'SystemAdministrator', p_now, v_zone,
        p_request_id, null, null, null, p_job);
end
$$;
