-- Closes a hook: its address answers as one that never was. Raises WA404 (not_found).
create or replace function users.delete_event_hook(p_hook_id uuid)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    delete from users.event_hooks h where h.tenant_id = platform.require_tenant() and h.hook_id = p_hook_id;
    if not found then
        perform platform.fail('WA404', 'not_found', 'There is no such hook');
    end if;
end
$$;
