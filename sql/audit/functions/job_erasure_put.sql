-- Erases parts of events and leaves their commitments. p_rows: {id, at, actor, content, actor_key, content_key}, hashes in
-- base64: the commitment of a part that goes, the key of one that stays. An empty list ends the erasure: the person's keys
-- are destroyed, and with them what the archive says of the person, and the certificate is written: which keys, how many
-- events in all and how many of the archive, and the SHA-256 of their ids in their order, one a line. It does not end while
-- something tells about the person still, or could: an event that a hold keeps, or what a month beside the log holds, which
-- is not seen from here. The table of a rehearsal goes with the keys, and who is at it begins anew.
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
    v_archived bigint;
    v_keys jsonb;
    v_table text;
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
     where e.tenant_id = p_tenant_id and e.event_id = r.id and e.occurred_at = r.at
       and not exists (select from audit.event_holds(e));
    get diagnostics v_count = row_count;
    if jsonb_array_length(p_rows) = 0 then
        perform audit.forget_person(p_tenant_id, v_request.person_id);
        perform audit.lock_keys(p_tenant_id, true);
        if exists (select from audit.archive_months m
                    where m.state in ('detached', 'restoring') and p_tenant_id = any (m.tenants))
           or audit.archive_is_held(p_tenant_id, v_request.person_id)
           or exists (select from audit.erasure_events(v_request.person_id, 1, '-infinity',
                                      '00000000-0000-0000-0000-000000000000', null)) then
            return 0;
        end if;
        for v_table in delete from audit.archive_drills d using audit.archive_months m
                        where m.month = d.month and d.ended_at is null and p_tenant_id = any (m.tenants)
                    returning audit.drill_table(d.month) loop
            execute format('drop table if exists audit.%I', v_table);
        end loop;
        with gone as (
            update audit.subject_keys k
               set key = null, destroyed_at = clock_timestamp(), destroyed_by = p_erasure_id
             where k.tenant_id = p_tenant_id and k.subject_id = v_request.person_id and k.destroyed_at is null
            returning k.key_id)
        select coalesce(jsonb_agg(g.key_id), '[]') into v_keys from gone g;
        with archived as (
            select distinct l.event_id
              from audit.subject_key_uses u
             cross join lateral unnest(u.leaves) x (leaf)
              join audit.log_leaves l on l.tenant_id = p_tenant_id and l.leaf_index = x.leaf
             where u.tenant_id = p_tenant_id and v_keys ? u.key_id::text
        ), erased as (
            select e.event_id from audit.audit_events e
             where e.tenant_id = p_tenant_id and e.erasures is not null and p_erasure_id = any (e.erasures)
            union select a.event_id from archived a)
        select count(*), sha256(convert_to(coalesce(string_agg(e.event_id::text, E'\n' order by e.event_id), ''), 'UTF8')),
               (select count(*) from archived)
          into v_count, v_ids, v_archived
          from erased e;
        update audit.erasure_requests r
           set status = 'done', finished_at = clock_timestamp(), events = v_count, events_sha256 = v_ids,
               version = r.version + 1
         where r.tenant_id = p_tenant_id and r.erasure_id = p_erasure_id;
        perform audit.write(p_tenant_id, 'erasure.certified', 'ERASURE_CERTIFIED', 'erasure_requests',
            p_erasure_id::text, null, null,
            jsonb_build_object('events', v_count, 'events_sha256', encode(v_ids, 'hex'), 'archived_events', v_archived,
                'keys', v_keys));
        return 0;
    end if;
    return v_count;
end
$$;
