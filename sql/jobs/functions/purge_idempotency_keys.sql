-- Step of the job purge-idempotency-keys: deletes stored answers that have expired, p_chunk of them in the order of the
-- firms. Answers are kept for a day (platform.idempotency_claim).
create or replace function jobs.purge_idempotency_keys(
    p_tenant_id uuid, p_run_id uuid, p_epoch integer, p_chunk integer, p_lease integer, p_now timestamptz,
    p_request_id uuid)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_run jobs.runs := jobs.hold(p_tenant_id, p_run_id, p_epoch, p_now, p_request_id);
    v_tenant uuid;
    v_left bigint := p_chunk;
    v_count bigint;
begin
    for v_tenant in
        select t.tenant_id from tenants.tenants t
         where t.tenant_id >= coalesce((v_run.cursor ->> 'tenant_id')::uuid, '00000000-0000-0000-0000-000000000000')
         order by t.tenant_id
    loop
        perform set_config('app.current_tenant_id', v_tenant::text, true);
        delete from platform.idempotency_keys k
         where k.tenant_id = v_tenant and (k.user_id, k.key) in (
            select x.user_id, x.key from platform.idempotency_keys x
             where x.tenant_id = v_tenant and x.expires_at < p_now limit v_left);
        get diagnostics v_count = row_count;
        v_left := v_left - v_count;
        exit when v_left = 0;
    end loop;
    return jobs.keep(p_tenant_id, p_run_id, p_epoch, v_left = 0, jsonb_build_object('tenant_id', v_tenant),
        jsonb_build_object('idempotency_keys', p_chunk - v_left), null, p_lease);
end
$$;
