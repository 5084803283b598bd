-- Gives events their leaves, puts the tiles that they filled or lengthened, and the signed head: all of it or nothing.
-- Who comes second, or goes by a size that is no longer the log's, is refused and has changed nothing. p_rows: the
-- events in their order ({id, at, xact}); p_tiles: {level, index, hashes}; p_checkpoint: {root, note, verifier_key}.
create or replace function audit.job_seal_put(
    p_tenant_id uuid, p_size bigint, p_rows jsonb, p_tiles jsonb, p_checkpoint jsonb)
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_size bigint;
    v_last jsonb := p_rows -> -1;
begin
    perform set_config('app.current_tenant_id', p_tenant_id::text, true);
    if not pg_try_advisory_xact_lock(hashtextextended(p_tenant_id::text, 4713)) then
        perform platform.fail('WA409', 'state_conflict', 'Another run is sealing this log');
    end if;
    select l.size into v_size from audit.logs l where l.tenant_id = p_tenant_id for update;
    if v_size is distinct from p_size then
        perform platform.fail('WA409', 'state_conflict', 'The log has grown meanwhile');
    end if;
    insert into audit.log_leaves (tenant_id, leaf_index, event_id, occurred_at)
    select p_tenant_id, p_size + r.place - 1, (r.row ->> 'id')::uuid, (r.row ->> 'at')::timestamptz
      from jsonb_array_elements(p_rows) with ordinality r(row, place);
    v_size := p_size + jsonb_array_length(p_rows);
    insert into audit.log_tiles (tenant_id, level, tile_index, hashes)
    select p_tenant_id, (t ->> 'level')::smallint, (t ->> 'index')::bigint, decode(t ->> 'hashes', 'base64')
      from jsonb_array_elements(p_tiles) t
        on conflict on constraint log_tiles_pkey do update set hashes = excluded.hashes
     where log_tiles.hashes <> excluded.hashes;
    insert into audit.checkpoints (tenant_id, size, root, note, verifier_key)
    values (p_tenant_id, v_size, decode(p_checkpoint ->> 'root', 'base64'), p_checkpoint ->> 'note',
            p_checkpoint ->> 'verifier_key');
    update audit.logs l
       set size = v_size, sealed_xact = coalesce((v_last ->> 'xact')::xid8, l.sealed_xact),
           sealed_event = case when v_last ->> 'xact' is null then l.sealed_event else (v_last ->> 'id')::uuid end
     where l.tenant_id = p_tenant_id;
    return v_size;
end
$$;
