-- The tiles of a log that grew while it did from p_from to p_to leaves.
create or replace function audit.job_archive_tiles(p_tenant_id uuid, p_from bigint, p_to bigint)
returns table (level smallint, tile_index bigint, hashes bytea)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform set_config('app.current_tenant_id', p_tenant_id::text, true);
    return query
    select t.level, t.tile_index, t.hashes
      from generate_series(0, 6) v
      join audit.log_tiles t on t.tenant_id = p_tenant_id and t.level = v
       and t.tile_index between p_from / (256 ^ (v + 1))::bigint and (p_to - 1) / (256 ^ (v + 1))::bigint
     order by 1, 2;
end
$$;
