-- The files of a log's part of a month, in the order of the leaves.
create or replace function audit.job_archive_files(p_tenant_id uuid, p_month date)
returns table (
    part integer, path text, sha256 bytea, bytes bigint, rows bigint, first_leaf bigint, last_leaf bigint, runs jsonb,
    first_at timestamptz, last_at timestamptz)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform set_config('app.current_tenant_id', p_tenant_id::text, true);
    return query
    select f.part, f.path, f.sha256, f.bytes, f.rows, f.first_leaf, f.last_leaf, f.runs, f.first_at, f.last_at
      from audit.archive_files f where f.tenant_id = p_tenant_id and f.month = p_month order by f.part;
end
$$;
