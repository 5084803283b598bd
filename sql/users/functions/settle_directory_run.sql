-- Ends a run that has read everything: tries again what events have left pending, then lets each difference happen as the
-- event that was lost, published when the run began, so that whatever came later stands (apply_directory_event). What
-- would take too much away at once is held, with its reason, until somebody confirms (p_confirmed).
create or replace function users.settle_directory_run(p_tenant_id uuid, p_run_id uuid, p_confirmed boolean)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_run users.directory_runs;
    v_event record;
    v_outcome text;
    v_done jsonb := '[]';
    v_counts jsonb;
    v_doubt text;
    v_number integer := 0;
begin
    select r.* into v_run from users.directory_runs r where r.tenant_id = p_tenant_id and r.run_id = p_run_id;
    perform users.retry_pending_events(p_tenant_id, v_run.started_at);

    select jsonb_build_object(
               'people', (select count(*) from users.directory_seen s
                           where s.tenant_id = p_tenant_id and s.run_id = p_run_id and s.kind = 'person'),
               'groups', (select count(*) from users.directory_seen s
                           where s.tenant_id = p_tenant_id and s.run_id = p_run_id and s.kind = 'group'),
               'off', count(*) filter (where d.event_type = 'user.lifecycle.suspend'),
               'on', count(*) filter (where d.event_type = 'user.lifecycle.unsuspend'),
               'left', count(*) filter (where d.event_type = 'group.user_membership.remove'),
               'came', count(*) filter (where d.event_type = 'group.user_membership.add'))
      into v_counts
      from users.directory_differences(p_tenant_id, p_run_id) d;
    v_doubt := users.directory_doubt(p_tenant_id, (v_counts ->> 'people')::bigint, (v_counts ->> 'off')::bigint,
        (v_counts ->> 'left')::bigint);
    for v_event in
        select d.event_type, d.subject, d.payload from users.directory_differences(p_tenant_id, p_run_id) d
         order by d.event_type desc, d.subject, d.payload ->> 'group_id'
    loop
        v_number := v_number + 1;
        v_outcome := 'held';
        if v_doubt is null or p_confirmed then
            v_outcome := users.apply_directory_event(p_tenant_id, v_event.event_type, v_run.started_at, v_event.subject,
                v_event.payload);
            insert into users.directory_events (
                tenant_id, source, event_id, event_type, published, received_at, subject, payload, outcome)
            values (p_tenant_id, 'okta', format('comparison %s %s', p_run_id, v_number), v_event.event_type,
                    v_run.started_at, platform.request_time(), v_event.subject, v_event.payload, v_outcome);
        end if;
        if v_number <= 500 then
            v_done := v_done || jsonb_build_object('event_type', v_event.event_type, 'subject', v_event.subject,
                'group', v_event.payload ->> 'group', 'outcome', v_outcome);
        end if;
    end loop;

    update users.directory_runs r
       set status = case when v_doubt is null or p_confirmed then 'done' else 'held' end, finished_at = platform.request_time(),
           lease_until = null, counts = v_counts, differences = v_done, reason = v_doubt,
           confirmed_by = case when p_confirmed then platform.current_user_id() end
     where r.tenant_id = p_tenant_id and r.run_id = p_run_id;
    if v_doubt is null or p_confirmed then
        delete from users.directory_seen s where s.tenant_id = p_tenant_id and s.run_id = p_run_id;
    end if;
    perform users.record_event(case when v_doubt is null or p_confirmed then 'DIRECTORY_COMPARED' else 'DIRECTORY_HELD' end,
        null, case when v_doubt is null or p_confirmed then 'success' else 'denied' end, v_doubt, v_counts);
end
$$;
