-- The stored answer to a key of this person and tenant.
create or replace function platform.idempotency_stored(p_key text)
returns table (status integer, headers jsonb, body bytea)
language sql stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select k.status, k.headers, k.body
      from platform.idempotency_keys k
     where k.tenant_id = platform.current_tenant_id()
       and k.user_id = coalesce(platform.current_user_id(), '00000000-0000-0000-0000-000000000000')
       and k.key = p_key and k.status is not null
$$;
