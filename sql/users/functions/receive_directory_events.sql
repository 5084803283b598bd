-- Takes a delivery of a directory's hook: each event once, whatever is repeated, in the order of publication. The secret is
-- 256 random bits and compared by its SHA-256, so the time of the comparison tells nothing that helps to guess it. Gives
-- how many events had which outcome; null for a hook that does not exist or another secret, without a difference.
create or replace function users.receive_directory_events(
    p_tenant_id uuid, p_hook_id uuid, p_secret_hash bytea, p_events jsonb, p_caller jsonb)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_event record;
    v_outcome text;
    v_counts jsonb := '{}';
begin
    perform users.set_caller(p_tenant_id, null, 'directory', p_caller);
    if not exists (
            select from users.event_hooks h
              join tenants.tenants t on t.tenant_id = h.tenant_id and t.status = 'active'
             where h.tenant_id = p_tenant_id and h.hook_id = p_hook_id and h.is_active
               and p_secret_hash = any (h.secret_hashes)) then
        return null;
    end if;
    -- Groups before people and both in one order, as SCIM holds them, so that two deliveries never wait for each other.
    perform from users.groups g
     where g.tenant_id = p_tenant_id and g.group_id in (
            select users.directory_group(p_tenant_id, e.payload ->> 'group_id', e.payload ->> 'group')
              from jsonb_to_recordset(p_events) as e(type text, payload jsonb)
             where e.type like 'group.user_membership.%')
     order by g.group_id
       for update;
    perform from users.memberships m
     where m.tenant_id = p_tenant_id and m.user_id in (
            select users.directory_person(p_tenant_id, e.subject, e.payload ->> 'login')
              from jsonb_to_recordset(p_events) as e(subject text, payload jsonb))
     order by m.user_id
       for update;
    for v_event in
        select e.id, e.type, e.published, e.subject, e.payload
          from jsonb_to_recordset(p_events) as e(id text, type text, published timestamptz, subject text, payload jsonb)
         order by e.published, e.id
    loop
        insert into users.directory_events (
            tenant_id, source, event_id, event_type, published, received_at, subject, payload, outcome)
        values (p_tenant_id, 'okta', v_event.id, v_event.type, v_event.published, platform.request_time(),
                v_event.subject, v_event.payload, 'stored')
        on conflict do nothing;
        if found then
            v_outcome := users.apply_directory_event(p_tenant_id, v_event.type, v_event.published, v_event.subject,
                v_event.payload);
            update users.directory_events d set outcome = v_outcome
             where d.tenant_id = p_tenant_id and d.source = 'okta' and d.event_id = v_event.id and v_outcome <> 'stored';
        else
            v_outcome := 'duplicate';
        end if;
        v_counts := v_counts || jsonb_build_object(v_outcome, coalesce((v_counts ->> v_outcome)::integer, 0) + 1);
    end loop;
    return v_counts;
end
$$;
