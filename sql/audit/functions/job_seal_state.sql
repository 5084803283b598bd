-- Where the sealing of a log stands: its size, how much of it is archived, the last checkpoint, and the last tile of each
-- level.
create or replace function audit.job_seal_state(p_tenant_id uuid)
returns table (size bigint, archived_size bigint, note text, tiles jsonb)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform set_config('app.current_tenant_id', p_tenant_id::text, true);
    return query
    select coalesce(l.size, 0), coalesce(l.archived_size, 0), c.note,
           (select coalesce(jsonb_agg(jsonb_build_object('level', t.level, 'index', t.tile_index,
                        'hashes', translate(encode(t.hashes, 'base64'), E'\n', ''))), '[]')
              from generate_series(0, 6) v
              join audit.log_tiles t on t.tenant_id = p_tenant_id and t.level = v
               and t.tile_index = l.size / (256 ^ (v + 1))::bigint)
      from (select p_tenant_id as tenant_id) x
      left join audit.logs l on l.tenant_id = x.tenant_id
      left join audit.checkpoints c on c.tenant_id = l.tenant_id and c.size = l.size;
end
$$;
