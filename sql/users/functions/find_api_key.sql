-- The API key behind a bearer token, if it is in force: whose it is, what it may do, and the roles held now. Asked once a
-- minute by each function that the key meets, so the use is noted here, at most once a minute. It names its tenant
-- itself; without the key's own hash it tells nothing.
create or replace function users.find_api_key(
    p_tenant_id uuid, p_api_key_id uuid, p_key_hash bytea, p_now timestamptz, p_client_ip text)
returns table (user_id uuid, scopes text[], roles text[], expires_at timestamptz)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_key users.api_keys;
    v_before text := current_setting('app.current_tenant_id', true);
begin
    perform set_config('app.current_tenant_id', coalesce(p_tenant_id::text, ''), true);
    select k.* into v_key from users.api_keys k
     where k.tenant_id = p_tenant_id and k.api_key_id = p_api_key_id and k.key_hash = p_key_hash
       and k.revoked_at is null and (k.expires_at is null or k.expires_at > p_now);
    if found then
        update users.api_keys k
           set last_used_at = p_now, last_used_ip = coalesce(nullif(p_client_ip, '')::inet, k.last_used_ip)
         where k.tenant_id = p_tenant_id and k.api_key_id = p_api_key_id
           and (k.last_used_at is null or k.last_used_at <= p_now - interval '1 minute');
        return query
            select v_key.user_id, v_key.scopes, users.roles_held(p_tenant_id, v_key.user_id, p_now), v_key.expires_at;
    end if;
    perform set_config('app.current_tenant_id', coalesce(v_before, ''), true);
end
$$;
