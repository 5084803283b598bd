-- The firms that have a directory, those whose last comparison is longest ago first: somebody was provisioned, or an Okta
-- is trusted or calls. p_tenant_id: this one only. Ids and no data.
create or replace function users.job_directory_tenants(p_tenant_id uuid)
returns setof uuid
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid;
    v_last timestamptz;
    v_order jsonb := '[]';
begin
    for v_tenant in
        select t.tenant_id from tenants.tenants t
         where t.status = 'active' and (p_tenant_id is null or t.tenant_id = p_tenant_id)
    loop
        -- Row policies bind the owner: each firm is looked at as itself.
        perform set_config('app.current_tenant_id', v_tenant::text, true);
        if exists (select from users.memberships m
                    where m.tenant_id = v_tenant and m.origin = 'scim' and m.external_id is not null)
           or exists (select from users.identity_providers p
                       where p.tenant_id = v_tenant and p.provider = 'okta' and p.is_active)
           or exists (select from users.event_hooks h where h.tenant_id = v_tenant and h.is_active) then
            select max(r.started_at) into v_last from users.directory_runs r where r.tenant_id = v_tenant;
            v_order := v_order || jsonb_build_object('tenant', v_tenant, 'last', v_last);
        end if;
    end loop;
    perform set_config('app.current_tenant_id', '', true);
    return query
        select (o ->> 'tenant')::uuid from jsonb_array_elements(v_order) o
         order by (o ->> 'last')::timestamptz nulls first, o ->> 'tenant';
end
$$;
