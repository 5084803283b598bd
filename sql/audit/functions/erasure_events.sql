-- The events of this firm's log that still tell about a person: whose actor the person is, and those about what the
-- person is known by. erase_actor, erase_content: which part is theirs. What they are is asked only of events that name
-- the person somewhere.
create or replace function audit.erasure_events(p_person_id uuid, p_limit integer)
returns table (event_id uuid, occurred_at timestamptz, erase_actor boolean, erase_content boolean)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select e.event_id, e.occurred_at, bool_or(s.part = 'actor'), bool_or(s.part = 'content')
      from audit.audit_events e
     cross join lateral audit.personal_parts(e) s
     where e.tenant_id = (select platform.current_tenant_id())
       and (e.actor_id = p_person_id and e.actor_commitment is null
            or e.content_commitment is null and e.resource_type in (select k.kind from audit.personal_kinds() k)
               and (e.resource_id = p_person_id::text
                    or strpos(coalesce(e.new_values, e.old_values)::text, p_person_id::text) > 0))
       and s.person_id = p_person_id
     group by e.event_id, e.occurred_at
     order by e.occurred_at, e.event_id
     limit p_limit
$$;
