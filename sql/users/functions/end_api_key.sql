-- Ends the API key whose text the caller holds (RFC 7009): whoever finds a leaked key can end it. p_hash in hex.
create or replace function users.end_api_key(p_tenant_id uuid, p_api_key_id uuid, p_hash text, p_caller jsonb)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user uuid;
begin
    perform set_config('app.current_tenant_id', coalesce(p_tenant_id::text, ''), true);
    perform users.set_caller(p_tenant_id, null, 'holder of API key ' || p_api_key_id, p_caller);
    update users.api_keys k
       set revoked_at = coalesce((p_caller ->> 'now')::timestamptz, now()), revoke_reason = 'revoked by its holder',
           version = k.version + 1
     where k.tenant_id = p_tenant_id and k.api_key_id = p_api_key_id and k.key_hash = decode(p_hash, 'hex')
       and k.revoked_at is null
    returning k.user_id into v_user;
    if found then
        perform users.record_event('API_KEY_REVOKED', v_user, 'success', 'revoked by its holder',
            jsonb_build_object('api_key_id', p_api_key_id));
    end if;
end
$$;
