-- What an event still tells about people, part by part: its actor part about who did it, its content about whom the thing
-- is of that it was done to, if that is somebody this firm knows. What an erasure destroys in the database is what is
-- encrypted in the archive, because both ask here.
create or replace function audit.personal_parts(p_event audit.audit_events)
returns table (part text, person_id uuid)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select 'actor', p_event.actor_id
     where p_event.actor_id is not null and p_event.actor_commitment is null
       and num_nonnulls(p_event.actor_label, p_event.ip_address, p_event.user_agent, p_event.session_ref) > 0
    union all
    select distinct 'content', m.user_id
      from audit.personal_kinds() k
     cross join lateral (values (p_event.resource_id),
                                (coalesce(p_event.new_values, p_event.old_values) ->> k.person)) x (id)
      join users.memberships m on m.tenant_id = p_event.tenant_id
       and m.user_id = case when x.id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then x.id::uuid end
     where k.kind = p_event.resource_type and p_event.content_commitment is null
       and num_nonnulls(p_event.old_values, p_event.new_values, p_event.details, p_event.reason) > 0
$$;
