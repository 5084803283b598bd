-- Tries again the events that found no person or no group, in the order of publication. What is older than p_before and
-- still finds none is unmatched: the comparison that follows has seen what it was about.
create or replace function users.retry_pending_events(p_tenant_id uuid, p_before timestamptz)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_event users.directory_events;
    v_outcome text;
begin
    for v_event in
        select d.* from users.directory_events d
         where d.tenant_id = p_tenant_id and d.outcome = 'pending'
         order by d.published, d.event_id
         limit 5000
           for update
    loop
        v_outcome := users.apply_directory_event(p_tenant_id, v_event.event_type, v_event.published, v_event.subject,
            v_event.payload);
        if v_outcome = 'pending' and v_event.published < p_before then
            v_outcome := 'unmatched';
        end if;
        update users.directory_events d set outcome = v_outcome
         where d.tenant_id = p_tenant_id and d.source = v_event.source and d.event_id = v_event.event_id;
    end loop;
end
$$;
