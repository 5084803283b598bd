-- What an API key of the caller's tenant is, while it and its member are in force. By its hash, which nobody reads.
create or replace function users.introspect_api_key(p_api_key_id uuid, p_key_hash bytea)
returns table (user_id uuid, email text, scopes text[], expires_at timestamptz)
language sql stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select k.user_id, u.email::text, k.scopes, k.expires_at
      from users.api_keys k
      join users.memberships m on m.tenant_id = k.tenant_id and m.user_id = k.user_id and m.status = 'active'
      join users.users u on u.user_id = k.user_id and u.is_active
     where k.tenant_id = platform.current_tenant_id() and k.api_key_id = p_api_key_id and k.key_hash = p_key_hash
       and k.revoked_at is null and (k.expires_at is null or k.expires_at > platform.request_time())
$$;
