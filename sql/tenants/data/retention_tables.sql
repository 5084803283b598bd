insert into audit.retention_tables (
    table_name, classes, key_columns, created_on, clock_on, persons, parents, guarded, record_when, disposal, evidence) values
    ('tenants.tenants', '{firm_record}', '{tenant_id}', 'r.created_at', 'null::date', '{}', '{}', true, 'true', 'never',
     'trigger')
on conflict (table_name) do update
   set classes = excluded.classes, key_columns = excluded.key_columns, created_on = excluded.created_on,
       clock_on = excluded.clock_on, persons = excluded.persons, parents = excluded.parents, guarded = excluded.guarded,
       record_when = excluded.record_when, disposal = excluded.disposal, evidence = excluded.evidence;
