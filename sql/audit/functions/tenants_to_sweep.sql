-- The active firms: each has its own day, so that each is asked.
create or replace function audit.tenants_to_sweep()
returns setof uuid
language sql stable
security definer
set search_path = pg_catalog, pg_temp
as $$ select t.tenant_id from tenants.tenants t where t.status = 'active' order by t.tenant_id $$;
