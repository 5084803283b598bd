-- Takes an Idempotency-Key for this person and tenant, before the write that stands behind it in the same pipeline.
-- Every answer except "go on" is raised, because an error is what stops the statements already sent.
create or replace function platform.idempotency_claim(p_key text, p_operation text, p_fingerprint bytea)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_user uuid := coalesce(platform.current_user_id(), '00000000-0000-0000-0000-000000000000');
    v_now timestamptz := platform.request_time();
    v_row record;
begin
    if not pg_try_advisory_xact_lock(hashtextextended(v_tenant::text || v_user::text || p_key, 7)) then
        perform platform.fail('WA409', 'idempotency_in_progress', 'A request with this key is still running');
    end if;
    select k.operation, k.fingerprint, k.status, k.expires_at into v_row
      from platform.idempotency_keys k
     where k.tenant_id = v_tenant and k.user_id = v_user and k.key = p_key;
    if found and v_row.status is not null and v_row.expires_at > v_now then
        if v_row.operation = p_operation and v_row.fingerprint = p_fingerprint then
            perform platform.fail('WA208', 'idempotency_replay', 'This request was answered before');
        end if;
        perform platform.fail('WA422', 'idempotency_mismatch', 'This key was used for another request');
    end if;
    insert into platform.idempotency_keys (tenant_id, user_id, key, operation, fingerprint, created_at, expires_at)
    values (v_tenant, v_user, p_key, p_operation, p_fingerprint, v_now, v_now + interval '24 hours')
    on conflict (tenant_id, user_id, key) do update
       set operation = excluded.operation, fingerprint = excluded.fingerprint, status = null, headers = null,
           body = null, created_at = excluded.created_at, expires_at = excluded.expires_at;
end
$$;
