-- The manifest of a log before that of a month: each names the one before it, so that none can go missing between two.
create or replace function audit.job_archive_previous(p_tenant_id uuid, p_month date)
returns table (month date, manifest_sha256 bytea)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform set_config('app.current_tenant_id', p_tenant_id::text, true);
    return query
    select l.month, l.manifest_sha256 from audit.archive_logs l
     where l.tenant_id = p_tenant_id and l.month < p_month and l.manifest_sha256 is not null
     order by l.month desc limit 1;
end
$$;
