-- Opens an address for the calls of the tenant's directory. Only the SHA-256 of the secret is kept.
create or replace function users.create_event_hook(p_hook_id uuid, p_secret_hash bytea)
returns void
language sql
security definer
set search_path = pg_catalog, pg_temp
as $$
    insert into users.event_hooks (tenant_id, hook_id, secret_hashes, created_at, updated_at)
    values (platform.require_tenant(), p_hook_id, array[p_secret_hash], platform.request_time(), platform.request_time())
$$;
