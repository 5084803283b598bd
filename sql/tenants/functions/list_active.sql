-- The tenants a scheduled job must visit.
create or replace function tenants.list_active()
returns table (tenant_id uuid, time_zone text)
language sql stable
security definer
set search_path = pg_catalog, pg_temp
as $$ select t.tenant_id, t.time_zone from tenants.tenants t where t.status = 'active' order by t.tenant_id $$;
