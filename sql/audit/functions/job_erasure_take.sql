-- The next events behind a place in the log's order that an executing erasure has to erase, with what their commitments
-- are made of; no more once 8 MiB of their values were given. None while a hold is over the person or the log, and never
-- one that a hold keeps. What the person is known by goes first, if it had to stay when the erasure was decided on, and the
-- events that tell of that with the others.
create or replace function audit.job_erasure_take(
    p_tenant_id uuid, p_erasure_id uuid, p_now timestamptz, p_request_id uuid, p_limit integer,
    p_after_at timestamptz, p_after_id uuid)
returns table (
    erase_actor boolean, erase_content boolean, event_id uuid, tenant_id uuid, occurred_at timestamptz,
    recorded_at timestamptz, actor_id uuid, actor_type text, actor_label text, action text, legacy_action text,
    resource_type text, resource_id text, old_values text, new_values text, details text, ip_address text,
    user_agent text, session_id uuid, session_ref text, request_id uuid, transaction_name text, outcome text, reason text,
    purpose text, salt uuid, actor_commitment bytea, content_commitment bytea, actor_key bytea, content_key bytea,
    erasures uuid[])
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_person uuid;
    v_bytes bigint := 0;
begin
    perform platform.begin_job(p_tenant_id, 'erase_audit_events', p_now, p_request_id);
    perform audit.lock_holds(p_tenant_id, false);
    select r.person_id into v_person from audit.erasure_requests r
     where r.tenant_id = p_tenant_id and r.erasure_id = p_erasure_id and r.status = 'executing';
    if v_person is null or audit.erasure_is_held(p_tenant_id, v_person) then
        return;
    end if;
    perform audit.forget_person(p_tenant_id, v_person);
    for erase_actor, erase_content, event_id, tenant_id, occurred_at, recorded_at, actor_id, actor_type, actor_label, action,
        legacy_action, resource_type, resource_id, old_values, new_values, details, ip_address, user_agent, session_id,
        session_ref, request_id, transaction_name, outcome, reason, purpose, salt, actor_commitment, content_commitment,
        actor_key, content_key, erasures in
        select f.erase_actor, f.erase_content, e.event_id, e.tenant_id, e.occurred_at, e.recorded_at, e.actor_id, e.actor_type,
               e.actor_label, e.action, e.legacy_action::text, e.resource_type, e.resource_id, e.old_values::text,
               e.new_values::text, e.details::text, abbrev(e.ip_address), e.user_agent, e.session_id, e.session_ref,
               e.request_id, e.transaction_name, e.outcome, e.reason, e.purpose, e.salt, e.actor_commitment,
               e.content_commitment, e.actor_key, e.content_key, e.erasures
          from audit.erasure_events(v_person, p_limit, p_after_at, p_after_id, false) f
          join audit.audit_events e
            on e.tenant_id = p_tenant_id and e.event_id = f.event_id and e.occurred_at = f.occurred_at
         order by f.occurred_at, f.event_id
    loop
        return next;
        v_bytes := v_bytes + octet_length(concat(old_values, new_values, details));
        exit when v_bytes > 8388608;
    end loop;
end
$$;
