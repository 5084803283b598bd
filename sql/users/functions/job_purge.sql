-- Forgets what is long over, at most 10,000 rows of a kind and tenant at a time; the next hour takes the rest. Sessions go
-- 30 days after their end, for until then a replay of their tokens is still told from noise; one-time tokens and throttles
-- two days after theirs. The audit log keeps the ids (C4-14). What is
-- under a legal hold stays.
create or replace function users.job_purge(p_now timestamptz, p_request_id uuid)
returns table (sessions bigint, one_time_tokens bigint, throttles bigint)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant record;
    v_count bigint;
    v_held boolean;
begin
    sessions := 0;
    for v_tenant in select t.tenant_id, t.time_zone from tenants.tenants t order by t.tenant_id loop
        perform platform.set_context(v_tenant.tenant_id, null, 'purge of sessions', null, null, p_now, v_tenant.time_zone,
            p_request_id, null, null, null, 'purge_sessions');
        perform audit.lock_holds(v_tenant.tenant_id, false);
        v_held := exists (select from audit.legal_holds h
                           where h.tenant_id = v_tenant.tenant_id and h.status <> 'released');
        delete from users.user_sessions s
         where s.tenant_id = v_tenant.tenant_id and s.session_id in (
            select o.session_id from users.user_sessions o
             where o.tenant_id = v_tenant.tenant_id
               and least(o.expires_at, o.absolute_expires_at, o.revoked_at, o.logout_time) < p_now - interval '30 days'
               and not (v_held and exists (select from audit.holds_on(
                    o.tenant_id, 'users.user_sessions', o.session_id::text, to_jsonb(o))))
             limit 10000);
        get diagnostics v_count = row_count;
        sessions := sessions + v_count;
        if v_count > 0 then
            perform users.record_event('SESSIONS_PURGED', null, 'success', null, jsonb_build_object('sessions', v_count));
        end if;
    end loop;
    delete from users.one_time_tokens o where o.token_hash in (
        select x.token_hash from users.one_time_tokens x where x.expires_at < p_now - interval '2 days' limit 10000);
    get diagnostics one_time_tokens = row_count;
    delete from users.throttles h where (h.bucket, h.subject_hash) in (
        select x.bucket, x.subject_hash from users.throttles x where x.window_start < p_now - interval '2 days' limit 10000);
    get diagnostics throttles = row_count;
    return next;
end
$$;
