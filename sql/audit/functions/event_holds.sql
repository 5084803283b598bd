-- The holds that keep an event of the log: those over the event itself or over who did it, and those over the record that
-- it is about, whose row is what the event and the name of the record tell of it. Asked event by event, so that it is
-- planned once, and a firm without a hold is answered at once.
create or replace function audit.event_holds(p_event audit.audit_events)
returns table (hold_id uuid)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if not audit.has_holds(p_event.tenant_id) then
        return;
    end if;
    return query
    select h.hold_id
      from audit.holds_on(p_event.tenant_id, 'audit.audit_events', p_event.event_id::text,
               jsonb_build_object('actor_id', p_event.actor_id)) h
    union all
    select h.hold_id
      from audit.retention_tables m
     cross join lateral (
           select jsonb_build_object(m.key_columns[1], p_event.resource_id)
                  || coalesce(p_event.old_values, '{}') || coalesce(p_event.new_values, '{}') as told) r
     cross join lateral audit.holds_on(p_event.tenant_id, m.table_name, audit.record_key(r.told, m.key_columns), r.told) h
     where split_part(m.table_name, '.', 2) = p_event.resource_type;
end
$$;
