-- audit.tiles: the tiles of these levels and places. $1 [{"level", "index"}] jsonb
select t.level, t.tile_index, t.hashes
  from jsonb_array_elements($1::jsonb) w
  join audit.log_tiles t
    on t.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and t.level = (w ->> 'level')::smallint and t.tile_index = (w ->> 'index')::bigint
