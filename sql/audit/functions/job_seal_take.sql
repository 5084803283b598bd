-- The next events of a log that have no leaf yet, at most p_limit and no more once 8 MiB of their values were given, in the
-- order of their transactions. Writers wait for
-- nothing: an event carries the number of its transaction, and only those below the oldest one that still runs are
-- taken, so that a slow transaction is met later and never overtaken (docs/adr/0015). The numbers are of this
-- server: where the log comes from another one (a restored dump), whose numbers were higher, every event without a leaf
-- is taken first and numbers count from then on.
create or replace function audit.job_seal_take(p_tenant_id uuid, p_limit integer)
returns table (
    xact text, event_id uuid, tenant_id uuid, occurred_at timestamptz, recorded_at timestamptz, actor_id uuid,
    actor_type text, actor_label text, action text, legacy_action text, resource_type text, resource_id text,
    old_values text, new_values text, details text, ip_address text, user_agent text, session_id uuid, session_ref text,
    request_id uuid, transaction_name text, outcome text, reason text, purpose text, salt uuid, actor_commitment bytea,
    content_commitment bytea, actor_key bytea, content_key bytea, erasures uuid[])
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
set enable_seqscan = off
as $$
declare
    v_log record;
    v_from xid8;
    v_after uuid;
    v_horizon xid8 := pg_snapshot_xmin(pg_current_snapshot());
    v_moved boolean;
    v_bytes bigint := 0;
begin
    perform set_config('app.current_tenant_id', p_tenant_id::text, true);
    insert into audit.logs (tenant_id) values (p_tenant_id) on conflict on constraint logs_pkey do nothing;
    select l.sealed_xact, l.sealed_event into v_log from audit.logs l where l.tenant_id = p_tenant_id;
    v_moved := v_log.sealed_xact >= pg_snapshot_xmax(pg_current_snapshot());
    v_from := case when v_moved then '0' else v_log.sealed_xact end;
    v_after := case when v_moved then '00000000-0000-0000-0000-000000000000' else v_log.sealed_event end;
    for xact, event_id, tenant_id, occurred_at, recorded_at, actor_id, actor_type, actor_label, action, legacy_action,
        resource_type, resource_id, old_values, new_values, details, ip_address, user_agent, session_id, session_ref,
        request_id, transaction_name, outcome, reason, purpose, salt, actor_commitment, content_commitment, actor_key,
        content_key, erasures in
        select case when not v_moved then e.xact::text end, e.event_id, e.tenant_id, e.occurred_at, e.recorded_at,
               e.actor_id, e.actor_type, e.actor_label, e.action, e.legacy_action::text, e.resource_type, e.resource_id,
               e.old_values::text, e.new_values::text, e.details::text, abbrev(e.ip_address), e.user_agent, e.session_id,
               e.session_ref, e.request_id, e.transaction_name, e.outcome, e.reason, e.purpose, e.salt,
               e.actor_commitment, e.content_commitment, e.actor_key, e.content_key, e.erasures
          from audit.audit_events e
         where e.tenant_id = p_tenant_id and (e.xact, e.event_id) > (v_from, v_after)
           and (e.xact < pg_snapshot_xmin(pg_current_snapshot())
                or v_moved and e.xact >= pg_snapshot_xmax(pg_current_snapshot()))
           -- Looked up event by event, as the limit ends the work: joined as a whole it takes the time of all leaves there are.
           and (select true from audit.log_leaves x where x.tenant_id = e.tenant_id and x.event_id = e.event_id limit 1) is null
         order by e.xact, e.event_id
         limit p_limit
    loop
        return next;
        v_bytes := v_bytes + octet_length(concat(old_values, new_values, details));
        exit when v_bytes > 8388608;
    end loop;
    if v_moved and not found then
        update audit.logs l set sealed_xact = v_horizon, sealed_event = '00000000-0000-0000-0000-000000000000'
         where l.tenant_id = p_tenant_id;
    end if;
end
$$;
