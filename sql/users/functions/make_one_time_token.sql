-- Keeps the SHA-256 of a link or code that will work once. Inner part of the functions that send one; who is to use it
-- and for what is fixed here and read back from here, never from the caller who presents it.
create or replace function users.make_one_time_token(
    p_token_hash bytea, p_purpose text, p_user_id uuid, p_tenant_id uuid, p_data jsonb, p_expires_at timestamptz)
returns void
language sql
set search_path = pg_catalog, pg_temp
as $$
    insert into users.one_time_tokens (token_hash, purpose, user_id, bound_tenant_id, data, created_at, expires_at)
    values (p_token_hash, p_purpose, p_user_id, p_tenant_id, coalesce(p_data, '{}'), platform.request_time(), p_expires_at)
$$;
