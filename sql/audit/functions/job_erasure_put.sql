-- Erases parts of events and leaves their commitments. p_rows: {id, at, actor, content, actor_key, content_key}, hashes in
-- base64: the commitment of a part that goes, the key of one that stays. An empty list ends the erasure with its
-- certificate: how many events, and the SHA-256 of their ids in their order, one a line.
create or replace function audit.job_erasure_put(
    p_tenant_id uuid, p_erasure_id uuid, p_now timestamptz, p_request_id uuid, p_rows jsonb)
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_request audit.erasure_requests;
    v_count bigint;
    v_ids bytea;
begin
    perform platform.begin_job(p_tenant_id, 'erase_audit_events', p_now, p_request_id);
    select * into v_request from audit.erasure_requests r
     where r.tenant_id = p_tenant_id and r.erasure_id = p_erasure_id and r.status = 'executing'
       for update;
    if not found then
        return 0;
    end if;
    perform audit.lock_holds(p_tenant_id, false);
    if audit.erasure_is_held(p_tenant_id, v_request.person_id) then
        return 0;
    end if;
    update audit.audit_events e
       set actor_commitment = coalesce(e.actor_commitment, r.actor),
           content_commitment = coalesce(e.content_commitment, r.content),
           actor_key = case when coalesce(e.actor_commitment, r.actor) is null then r.actor_key end,
           content_key = case when coalesce(e.content_commitment, r.content) is null then r.content_key end,
           salt = null, erasures = coalesce(e.erasures, '{}') || p_erasure_id,
           actor_label = case when r.actor is null then e.actor_label end,
           ip_address = case when r.actor is null then e.ip_address end,
           user_agent = case when r.actor is null then e.user_agent end,
           session_ref = case when r.actor is null then e.session_ref end,
           old_values = case when r.content is null then e.old_values end,
           new_values = case when r.content is null then e.new_values end,
           details = case when r.content is null then e.details end,
           reason = case when r.content is null then e.reason end
      from (select (x ->> 'id')::uuid as id, (x ->> 'at')::timestamptz as at, decode(x ->> 'actor', 'base64') as actor,
                   decode(x ->> 'content', 'base64') as content, decode(x ->> 'actor_key', 'base64') as actor_key,
                   decode(x ->> 'content_key', 'base64') as content_key
              from jsonb_array_elements(p_rows) x) r
     where e.tenant_id = p_tenant_id and e.event_id = r.id and e.occurred_at = r.at;
    get diagnostics v_count = row_count;
    if jsonb_array_length(p_rows) = 0 then
        select count(*), sha256(convert_to(coalesce(string_agg(e.event_id::text, E'\n' order by e.event_id), ''), 'UTF8'))
          into v_count, v_ids
          from audit.audit_events e where e.tenant_id = p_tenant_id and p_erasure_id = any (e.erasures);
        update audit.erasure_requests r
           set status = 'done', finished_at = clock_timestamp(), events = v_count, events_sha256 = v_ids,
               version = r.version + 1
         where r.tenant_id = p_tenant_id and r.erasure_id = p_erasure_id;
        perform audit.write(p_tenant_id, 'erasure.certified', 'ERASURE_CERTIFIED', 'erasure_requests',
            p_erasure_id::text, null, null,
            jsonb_build_object('events', v_count, 'events_sha256', encode(v_ids, 'hex')));
        return 0;
    end if;
    return v_count;
end
$$;
