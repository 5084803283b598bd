-- What an event still tells about people, part by part: its actor part about who did it, its content about whom the thing
-- is of that it was done to, if that is somebody this firm knows. What an erasure destroys in the database is what is
-- encrypted in the archive, because both ask here. It has no search path of its own, so that it is planned as a part of the
-- statement that asks: asked event by event, a call takes longer than all else that is done to an event.
create or replace function audit.personal_parts(p_event audit.audit_events)
returns table (part text, person_id uuid)
language sql stable
as $$
    select 'actor', p_event.actor_id
     where p_event.actor_id is not null and p_event.actor_commitment is null
       and num_nonnulls(p_event.actor_label, p_event.ip_address, p_event.user_agent, p_event.session_ref) > 0
    union all
    select distinct 'content', m.user_id
      from audit.personal_kinds() k
     -- An invitation has its address in the log from the first, and a person when it is accepted.
     cross join lateral (values (p_event.resource_id),
                                (coalesce(p_event.new_values, p_event.old_values) ->> k.person),
                                ((select i.accepted_by::text from users.invitations i
                                   where k.kind = 'invitations' and i.tenant_id = p_event.tenant_id
                                     and i.invitation_id = case when p_event.resource_id
                                         ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then p_event.resource_id::uuid end))
                        ) x (id)
     -- One person is looked up, whatever the planner thinks of how many a firm has.
     cross join lateral (
           select y.user_id from users.memberships y
            where y.tenant_id = p_event.tenant_id
              and y.user_id = case when x.id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then x.id::uuid end limit 1) m
     where k.kind = p_event.resource_type and p_event.content_commitment is null
       and num_nonnulls(p_event.old_values, p_event.new_values, p_event.details, p_event.reason) > 0
$$;
