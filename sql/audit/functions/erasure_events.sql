-- The events of this firm's log that still tell about a person: whose actor the person is, and those about what the
-- person is known by. erase_actor, erase_content: which part is theirs.
create or replace function audit.erasure_events(p_person_id uuid, p_limit integer)
returns table (event_id uuid, occurred_at timestamptz, erase_actor boolean, erase_content boolean)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    with personal as (
        select split_part(m.table_name, '.', 2) as kind, m.persons[1] as person
          from audit.retention_tables m
         where m.classes <@ '{person_record,working_data}' and m.persons <> '{}'
        union all select 'memberships', 'user_id' union all select 'invitations', 'accepted_by')
    select e.event_id, e.occurred_at,
           coalesce(e.actor_id = p_person_id, false) and e.actor_commitment is null
           and num_nonnulls(e.actor_label, e.ip_address, e.user_agent, e.session_ref) > 0,
           coalesce(c.about, false) and e.content_commitment is null
           and num_nonnulls(e.old_values, e.new_values, e.details, e.reason) > 0
      from audit.audit_events e
      left join lateral (
           select true as about from personal k
            where k.kind = e.resource_type
              and (e.resource_id = p_person_id::text
                   or coalesce(e.new_values, e.old_values) ->> k.person = p_person_id::text) limit 1) c on true
     where e.tenant_id = (select platform.current_tenant_id())
       and (e.actor_id = p_person_id or e.resource_type in (select k.kind from personal k))
       and (e.actor_id = p_person_id and e.actor_commitment is null
            and num_nonnulls(e.actor_label, e.ip_address, e.user_agent, e.session_ref) > 0
            or e.content_commitment is null and c.about
            and num_nonnulls(e.old_values, e.new_values, e.details, e.reason) > 0)
     order by e.occurred_at, e.event_id
     limit p_limit
$$;
