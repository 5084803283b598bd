-- Gives a hook another secret. The one before goes on working until the next rotation, so that no call is lost while the
-- directory is told; unless it leaked. Raises WA404 (not_found).
create or replace function users.rotate_event_hook(p_hook_id uuid, p_secret_hash bytea, p_keep_old boolean)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    update users.event_hooks h
       set secret_hashes = case when p_keep_old then array[p_secret_hash, h.secret_hashes[1]] else array[p_secret_hash] end,
           updated_at = platform.request_time(), version = h.version + 1
     where h.tenant_id = platform.require_tenant() and h.hook_id = p_hook_id;
    if not found then
        perform platform.fail('WA404', 'not_found', 'There is no such hook');
    end if;
    perform users.record_event('EVENT_HOOK_ROTATED', null, 'success', null,
        jsonb_build_object('hook_id', p_hook_id, 'old_secret_works', p_keep_old));
end
$$;
