-- The next events of this firm's log behind a place in their order that still tell about a person: whose actor the person
-- is, and those about what the person is known by. erase_actor, erase_content: which part is theirs. p_held: only those that
-- a hold keeps, or only the others; null is both. They are sought in three ways, each by an index that has them in this
-- order: by who did it, by the thing that it was done to, and, for things that the person is only named in, by all that was
-- done to things of people. The last has nothing to go by but the text, and looks no further than the others came.
create or replace function audit.erasure_events(
    p_person_id uuid, p_limit integer, p_after_at timestamptz, p_after_id uuid, p_held boolean)
returns table (event_id uuid, occurred_at timestamptz, erase_actor boolean, erase_content boolean)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    with done as (
        select e.event_id, e.occurred_at
          from audit.audit_events e
         where e.tenant_id = (select platform.current_tenant_id()) and e.actor_id = p_person_id
           and e.occurred_at >= p_after_at and (e.occurred_at, e.event_id) > (p_after_at, p_after_id)
           and exists (select from audit.personal_parts(e) s where s.person_id = p_person_id)
           and (p_held is null or p_held = exists (select from audit.event_holds(e)))
         order by e.occurred_at, e.event_id limit p_limit
    ), about as (
        select x.event_id, x.occurred_at
          from (select p_person_id::text
                union all
                select i.invitation_id::text from users.invitations i
                 where i.tenant_id = (select platform.current_tenant_id()) and i.accepted_by = p_person_id) t (id)
         cross join lateral (
               select e.event_id, e.occurred_at
                 from audit.audit_events e
                where e.tenant_id = (select platform.current_tenant_id()) and e.resource_id = t.id
                  and e.occurred_at >= p_after_at and (e.occurred_at, e.event_id) > (p_after_at, p_after_id)
                  and exists (select from audit.personal_parts(e) s where s.person_id = p_person_id)
                  and (p_held is null or p_held = exists (select from audit.event_holds(e)))
                order by e.occurred_at, e.event_id limit p_limit) x
    ), found as (
        select d.event_id, d.occurred_at from done d union select a.event_id, a.occurred_at from about a
    ), named as (
        select e.event_id, e.occurred_at
          from audit.audit_events e
         where e.tenant_id = (select platform.current_tenant_id())
           and e.occurred_at >= p_after_at and (e.occurred_at, e.event_id) > (p_after_at, p_after_id)
           and e.occurred_at <= coalesce((select f.occurred_at from found f
                                           order by f.occurred_at, f.event_id offset p_limit - 1 limit 1), 'infinity')
           and e.content_commitment is null and e.resource_type in (select k.kind from audit.personal_kinds() k)
           and strpos(coalesce(e.new_values, e.old_values)::text, p_person_id::text) > 0
           and exists (select from audit.personal_parts(e) s where s.person_id = p_person_id)
           and (p_held is null or p_held = exists (select from audit.event_holds(e)))
         order by e.occurred_at, e.event_id limit p_limit
    ), next as (
        select f.event_id, f.occurred_at from found f union select n.event_id, n.occurred_at from named n
         order by 2, 1 limit p_limit
    )
    select n.event_id, n.occurred_at, bool_or(s.part = 'actor'), bool_or(s.part = 'content')
      from next n
      join audit.audit_events e
        on e.tenant_id = (select platform.current_tenant_id()) and e.event_id = n.event_id and e.occurred_at = n.occurred_at
     cross join lateral audit.personal_parts(e) s
     where s.person_id = p_person_id
     group by n.event_id, n.occurred_at
     order by n.occurred_at, n.event_id
$$;
