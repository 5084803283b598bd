-- Locks a key that the caller may manage: one's own, or any of the tenant for whoever administers access. What belongs to
-- others looks like nothing.
create or replace function users.own_api_key(p_api_key_id uuid, p_administers boolean)
returns users.api_keys
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_key users.api_keys;
begin
    select k.* into v_key from users.api_keys k
     where k.tenant_id = platform.require_tenant() and k.api_key_id = p_api_key_id
       and (k.user_id = platform.current_user_id() or coalesce(p_administers, false))
       for update;
    if not found then
        perform platform.fail('WA404', 'not_found', 'There is no such API key');
    end if;
    return v_key;
end
$$;
