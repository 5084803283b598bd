-- Ends a key at once. Of a key that has ended already nothing changes.
create or replace function users.revoke_api_key(p_api_key_id uuid, p_administers boolean)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_key users.api_keys := users.own_api_key(p_api_key_id, p_administers);
begin
    if v_key.revoked_at is not null then
        return;
    end if;
    update users.api_keys k
       set revoked_at = platform.request_time(), revoke_reason = 'revoked', version = k.version + 1
     where k.tenant_id = v_key.tenant_id and k.api_key_id = p_api_key_id;
    perform users.record_event('API_KEY_REVOKED', v_key.user_id, 'success', null,
        jsonb_build_object('api_key_id', p_api_key_id));
end
$$;
