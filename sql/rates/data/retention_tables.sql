-- A rate's clock starts when it is over or was superseded, whichever is later (S0-134).
insert into audit.retention_tables (
    table_name, classes, key_columns, created_on, clock_on, persons, parents, guarded, record_when, disposal, evidence) values
    ('rates.rate_history', '{rate_history}', '{rate_history_id}', 'r.recorded_at',
     'greatest((r.superseded_at at time zone ''UTC'')::date, r.end_date)', '{created_by_user_id}',
     '{"products.products": "product_id", "rates.rate_changes": "change_id", "rates.feed_batches": "batch_id"}', true,
     'true', 'row', 'trigger'),
    ('rates.rate_changes', '{rate_history}', '{change_id}', 'r.proposed_at', 'r.decided_at',
     '{proposed_by_user_id,decided_by_user_id}',
     '{"products.products": "product_id", "rates.feed_batches": "batch_id"}', true, 'true', 'row', 'trigger'),
    ('rates.rate_overrides', '{rate_history}', '{override_id}', 'r.proposed_at',
     'case when r.recorded_at is null then (r.decided_at at time zone ''UTC'')::date
           else greatest((r.superseded_at at time zone ''UTC'')::date, r.end_date) end',
     '{proposed_by_user_id,decided_by_user_id}', '{"products.products": "product_id"}', true, 'true', 'row', 'trigger'),
    ('rates.feed_batches', '{rate_history}', '{batch_id}', 'r.received_at', 'r.received_at', '{received_by_user_id}', '{}',
     true, 'true', 'row', 'rates.ingested'),
    ('rates.feed_rates', '{rate_history}', '{source,external_id}', 'null::date', 'null::date', '{}',
     '{"rates.feed_batches": "batch_id", "products.products": "product_id"}', true, 'true', 'parent', 'rates.ingested'),
    ('rates.rate_feeds', '{firm_record}', '{source}', 'r.created_at', 'null::date', '{}', '{}', true, 'true', 'never',
     'trigger'),
    ('rates.rate_settings', '{firm_record}', '{tenant_id}', 'null::date', 'null::date', '{}', '{}', true, 'true', 'never',
     'trigger')
on conflict (table_name) do update
   set classes = excluded.classes, key_columns = excluded.key_columns, created_on = excluded.created_on,
       clock_on = excluded.clock_on, persons = excluded.persons, parents = excluded.parents, guarded = excluded.guarded,
       record_when = excluded.record_when, disposal = excluded.disposal, evidence = excluded.evidence;
