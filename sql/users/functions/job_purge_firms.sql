-- The firms behind p_after whose sessions are purged, in their order; those that are closed, too.
create or replace function users.job_purge_firms(p_after uuid)
returns setof uuid
language sql stable
security definer
set search_path = pg_catalog, pg_temp
as $$ select t.tenant_id from tenants.tenants t where p_after is null or t.tenant_id > p_after order by t.tenant_id $$;
