-- Notes that the archive has a log up to p_size leaves. A run that was overtaken takes nothing back.
create or replace function audit.job_archived(p_tenant_id uuid, p_size bigint)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform set_config('app.current_tenant_id', p_tenant_id::text, true);
    update audit.logs l set archived_size = greatest(l.archived_size, p_size)
     where l.tenant_id = p_tenant_id and p_size <= l.size;
end
$$;
