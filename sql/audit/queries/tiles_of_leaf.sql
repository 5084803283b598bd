-- audit.tiles_of_leaf: the tiles from which a leaf is proven under a head: at each level the one that it lies under, and the
-- one that is not full yet (wealth_core::audit::inclusion_ranges names no other). $1 event_id uuid,
-- $2 size of the head bigint, the last one if null
select t.level, t.tile_index, t.hashes
  from audit.log_leaves l
 cross join lateral (
       select c.size from audit.checkpoints c
        where c.tenant_id = l.tenant_id and ($2::bigint is null or c.size = $2)
        order by c.size desc limit 1) h
 cross join generate_series(0, 6) k
  join audit.log_tiles t
    on t.tenant_id = l.tenant_id and t.level = k
   and t.tile_index in (l.leaf_index >> (8 * (k + 1)), h.size >> (8 * (k + 1)))
 where l.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and l.event_id = $1::uuid
