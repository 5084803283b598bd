-- Stores the answer with the effect it answers for: both commit or neither does.
create or replace function platform.idempotency_finish(p_key text, p_status integer, p_headers jsonb, p_body bytea)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    update platform.idempotency_keys k
       set status = p_status, headers = p_headers, body = p_body
     where k.tenant_id = platform.require_tenant()
       and k.user_id = coalesce(platform.current_user_id(), '00000000-0000-0000-0000-000000000000')
       and k.key = p_key;
    if not found then
        perform platform.fail('WA409', 'state_conflict', 'The idempotency key was not claimed in this transaction');
    end if;
end
$$;
