-- A month's events of a log in the order of their leaves, at most p_limit behind p_after and no more once 8 MiB of their
-- values were given. A leaf whose event is gone comes without one. With a part that tells about people come the ids and keys of these people, in the order of the ids;
-- who has none yet is given one.
--
-- Beside an erasure: while this runs none can destroy keys (audit.lock_keys). One that ends before has erased the events,
-- so that nothing is given out of which a key would be made. One that ends later destroys the keys that are given out
-- here, and what is written with them can be opened by nobody. One that erases an event meanwhile is not over yet, and
-- ends with the same.
--
-- Each event is looked up by its key: a month that was just restored has no statistics, and any other way would read all of
-- it for each page. Keys are joined by a hash: nobody can tell the planner how many there are.
create or replace function audit.job_archive_page(p_tenant_id uuid, p_month date, p_after bigint, p_limit integer)
returns table (
    leaf_index bigint, leaf_hash bytea, leaf_event_id uuid, event_id uuid, tenant_id uuid, occurred_at timestamptz,
    recorded_at timestamptz, actor_id uuid, actor_type text, actor_label text, action text, legacy_action text,
    resource_type text, resource_id text, old_values text, new_values text, details text, ip_address text,
    user_agent text, session_id uuid, session_ref text, request_id uuid, transaction_name text, outcome text,
    reason text, purpose text, salt uuid, actor_commitment bytea, content_commitment bytea, actor_key bytea,
    content_key bytea, erasures uuid[], actor_key_ids uuid[], actor_keys bytea[], content_key_ids uuid[],
    content_keys bytea[])
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set enable_seqscan = off
set enable_memoize = off
set enable_material = off
as $$
declare
    v_from timestamptz := p_month;
    v_to timestamptz := p_month + interval '1 month';
    v_found record;
    v_last bigint;
    v_bytes bigint := 0;
    v_events uuid[];
    v_parts text[];
    v_people uuid[];
begin
    perform set_config('app.current_tenant_id', p_tenant_id::text, true);
    perform audit.lock_keys(p_tenant_id, false);
    -- How far a page goes, and of whom its events tell.
    for v_found in
        select l.leaf_index, e.event_id, s.part, s.person_id,
               octet_length(concat((e.whole).old_values, (e.whole).new_values, (e.whole).details)) as bytes
          from (select x.leaf_index, x.event_id, x.occurred_at from audit.log_leaves x
                 where x.tenant_id = p_tenant_id and x.leaf_index > p_after
                   and x.occurred_at >= v_from and x.occurred_at < v_to
                 order by x.leaf_index limit p_limit) l
          left join lateral (
               select x as whole, x.event_id from audit.audit_events x
                where x.tenant_id = p_tenant_id and x.event_id = l.event_id and x.occurred_at = l.occurred_at
                  and x.occurred_at >= v_from and x.occurred_at < v_to limit 1) e on true
          left join lateral audit.personal_parts(e.whole) s on true
         order by l.leaf_index
    loop
        exit when v_bytes > 8388608 and v_found.leaf_index > v_last;
        v_last := v_found.leaf_index;
        v_bytes := v_bytes + v_found.bytes;
        if v_found.part is not null then
            v_events := v_events || v_found.event_id;
            v_parts := v_parts || v_found.part;
            v_people := v_people || v_found.person_id;
        end if;
    end loop;
    insert into audit.subject_keys (tenant_id, subject_id)
    select distinct p_tenant_id, s.person_id from unnest(v_people) s (person_id)
     where not exists (select from audit.subject_keys k
                        where k.tenant_id = p_tenant_id and k.subject_id = s.person_id and k.destroyed_at is null)
        on conflict do nothing;
    return query
    select l.leaf_index, null::bytea, l.event_id, e.event_id, e.tenant_id, e.occurred_at, e.recorded_at, e.actor_id,
           e.actor_type, e.actor_label, e.action, e.legacy_action::text, e.resource_type, e.resource_id,
           e.old_values::text, e.new_values::text, e.details::text, abbrev(e.ip_address), e.user_agent, e.session_id,
           e.session_ref, e.request_id, e.transaction_name, e.outcome, e.reason, e.purpose, e.salt,
           e.actor_commitment, e.content_commitment, e.actor_key, e.content_key, e.erasures,
           k.actor_key_ids, k.actor_keys, k.content_key_ids, k.content_keys
      from (select x.tenant_id, x.leaf_index, x.event_id, x.occurred_at from audit.log_leaves x
             where x.tenant_id = p_tenant_id and x.leaf_index > p_after and x.leaf_index <= v_last
               and x.occurred_at >= v_from and x.occurred_at < v_to) l
      left join lateral (
           select x.* from audit.audit_events x
            where x.tenant_id = l.tenant_id and x.event_id = l.event_id and x.occurred_at = l.occurred_at
              and x.occurred_at >= v_from and x.occurred_at < v_to limit 1) e on true
      left join (
           select s.event_id,
                  array_agg(k.key_id order by k.key_id) filter (where s.part = 'actor') as actor_key_ids,
                  array_agg(k.key order by k.key_id) filter (where s.part = 'actor') as actor_keys,
                  array_agg(k.key_id order by k.key_id) filter (where s.part = 'content') as content_key_ids,
                  array_agg(k.key order by k.key_id) filter (where s.part = 'content') as content_keys
             from unnest(v_events, v_parts, v_people) s (event_id, part, person_id)
             join audit.subject_keys k
               on k.tenant_id = p_tenant_id and k.subject_id = s.person_id and k.destroyed_at is null
            group by s.event_id) k on k.event_id = l.event_id
     order by l.leaf_index;
end
$$;
