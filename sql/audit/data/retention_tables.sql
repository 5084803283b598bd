insert into audit.retention_tables (
    table_name, classes, key_columns, created_on, clock_on, persons, parents, guarded, record_when, disposal, evidence) values
    ('audit.audit_events', '{audit_event}', '{event_id}', 'r.occurred_at', 'r.occurred_at', '{actor_id}', '{}', false,
     'true', 'archive', 'itself'),
    ('audit.retention_overrides', '{firm_record}', '{class,version}', 'r.set_at', 'null::date', '{set_by_user_id}', '{}',
     true, 'true', 'never', 'trigger'),
    ('audit.legal_holds', '{firm_record}', '{hold_id}', 'r.placed_at', 'null::date',
     '{placed_by_user_id,release_requested_by_user_id,released_by_user_id}', '{}', true, 'true', 'never', 'trigger'),
    ('audit.legal_hold_scopes', '{firm_record}', '{hold_id,ordinal}', 'null::date', 'null::date', '{person_id}', '{}',
     true, 'true', 'never', 'legal_hold.placed'),
    ('audit.disposals', '{audit_event}', '{disposal_id}', 'r.proposed_at', 'null::date',
     '{proposed_by_user_id,decided_by_user_id}', '{}', true, 'true', 'never', 'trigger'),
    ('audit.disposal_items', '{audit_event}', '{disposal_id,record_id}', 'null::date', 'null::date', '{}',
     '{"audit.disposals": "disposal_id"}', true, 'true', 'never', 'disposal.proposed'),
    ('audit.erasure_requests', '{audit_event}', '{erasure_id}', 'r.requested_at', 'null::date',
     '{person_id,requested_by_user_id,decided_by_user_id}', '{}', true, 'true', 'never', 'trigger'),
    ('audit.subject_keys', '{audit_event}', '{key_id}', 'r.created_at', 'null::date', '{subject_id}',
     '{"audit.erasure_requests": "destroyed_by"}', true, 'true', 'never', 'trigger')
on conflict (table_name) do update
   set classes = excluded.classes, key_columns = excluded.key_columns, created_on = excluded.created_on,
       clock_on = excluded.clock_on, persons = excluded.persons, parents = excluded.parents, guarded = excluded.guarded,
       record_when = excluded.record_when, disposal = excluded.disposal, evidence = excluded.evidence;
