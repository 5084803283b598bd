-- The API key behind a bearer token, if it is in force: whose it is, what it may do, and the roles held now. Asked once a
-- minute by each function that the key meets, so the use is noted here, at most once a minute. It names its tenant
-- itself; without the key's own hash it tells nothing. A key that was made and is not in force, or was guessed at, is noted
-- for its firm; one that never was is nobody's.
create or replace function users.find_api_key(
    p_tenant_id uuid, p_api_key_id uuid, p_key_hash bytea, p_caller jsonb)
returns table (user_id uuid, scopes text[], roles text[], expires_at timestamptz)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := coalesce((p_caller ->> 'now')::timestamptz, now());
    v_key users.api_keys;
    v_refused text;
    v_before text := current_setting('app.current_tenant_id', true);
begin
    perform set_config('app.current_tenant_id', coalesce(p_tenant_id::text, ''), true);
    select k.* into v_key from users.api_keys k where k.tenant_id = p_tenant_id and k.api_key_id = p_api_key_id;
    if found then
        v_refused := case
            when v_key.key_hash is distinct from p_key_hash then 'wrong_secret'
            when v_key.revoked_at is not null then 'revoked'
            when v_key.expires_at <= v_now then 'expired' end;
        if v_refused is null then
            update users.api_keys k
               set last_used_at = v_now, last_used_ip = coalesce(nullif(p_caller ->> 'ip', '')::inet, k.last_used_ip)
             where k.tenant_id = p_tenant_id and k.api_key_id = p_api_key_id
               and (k.last_used_at is null or k.last_used_at <= v_now - interval '1 minute');
            return query
                select v_key.user_id, v_key.scopes, users.roles_held(p_tenant_id, v_key.user_id, v_now), v_key.expires_at;
        else
            perform users.set_caller(p_tenant_id, null,
                case v_refused when 'wrong_secret' then 'anonymous' else 'api-key ' || p_api_key_id end, p_caller);
            perform users.note_refusal('API_KEY_REFUSED', v_key.user_id, v_refused, 1,
                jsonb_build_object('api_key_id', p_api_key_id));
        end if;
    end if;
    perform set_config('app.current_tenant_id', coalesce(v_before, ''), true);
end
$$;
