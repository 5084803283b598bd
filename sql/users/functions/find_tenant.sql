-- A tenant by its id or its public code; null for a text that names none.
create or replace function users.find_tenant(p_tenant text)
returns uuid
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select t.tenant_id from tenants.tenants t where t.tenant_id::text = lower(p_tenant) or t.public_code = p_tenant
$$;
