-- A rate's clock starts when it is over or was superseded, whichever is later (S0-134); one that nothing ended, when its
-- product was withdrawn. A saved comparison is reproduced from
-- the very rates it showed, and may be kept longer than they; a change stays as long as the rate that it made, a batch as
-- long as what it brought. What a feed delivered for a change goes with it, for it was delivered before.
insert into audit.retention_tables (
    table_name, classes, key_columns, created_on, clock_on, persons, parents, guarded, record_when, disposal, evidence,
    clock_before, needed_while) values
    ('rates.rate_history', '{rate_history}', '{rate_history_id}', 'r.recorded_at',
     'coalesce(greatest((r.superseded_at at time zone ''UTC'')::date, r.end_date),
               (select (p.deactivated_at at time zone ''UTC'')::date from products.products p
                 where p.tenant_id = r.tenant_id and p.product_id = r.product_id and not p.is_active))',
     '{created_by_user_id}',
     '{"products.products": "product_id", "rates.rate_changes": "change_id", "rates.feed_batches": "batch_id"}', true,
     'true', 'row', 'trigger',
     '(r.superseded_at < %1$L or r.end_date < %1$L
       or r.product_id = any (array(
            select p.product_id from products.products p
             where p.tenant_id = (select platform.current_tenant_id()) and not p.is_active and p.deactivated_at < %1$L)))',
     'exists (select from products.product_comparison_items i where i.tenant_id = r.tenant_id
          and i.rate_history_id = r.rate_history_id)'),
    ('rates.rate_changes', '{rate_history}', '{change_id}', 'r.proposed_at', 'r.decided_at',
     '{proposed_by_user_id,decided_by_user_id}',
     '{"products.products": "product_id", "rates.feed_batches": "batch_id"}', true, 'true', 'row', 'trigger',
     'r.decided_at < %1$L',
     'exists (select from rates.rate_history h where h.tenant_id = r.tenant_id and h.change_id = r.change_id)'),
    ('rates.rate_overrides', '{rate_history}', '{override_id}', 'r.proposed_at',
     'case when r.recorded_at is null then (r.decided_at at time zone ''UTC'')::date
           else coalesce(greatest((r.superseded_at at time zone ''UTC'')::date, r.end_date),
                         (select (p.deactivated_at at time zone ''UTC'')::date from products.products p
                           where p.tenant_id = r.tenant_id and p.product_id = r.product_id and not p.is_active)) end',
     '{proposed_by_user_id,decided_by_user_id}', '{"products.products": "product_id"}', true, 'true', 'row', 'trigger',
     'true', 'exists (select from rates.rate_overrides o where o.tenant_id = r.tenant_id
          and o.derived_from = r.override_id)'),
    ('rates.feed_batches', '{rate_history}', '{batch_id}', 'r.received_at', 'r.received_at', '{received_by_user_id}', '{}',
     true, 'true', 'row', 'rates.ingested', 'r.received_at < %1$L',
     'exists (select from rates.rate_history h where h.tenant_id = r.tenant_id and h.batch_id = r.batch_id)
      or exists (select from rates.rate_changes c where c.tenant_id = r.tenant_id and c.batch_id = r.batch_id)'),
    ('rates.feed_rates', '{rate_history}', '{source,external_id}', 'null::date', 'null::date', '{}',
     '{"rates.feed_batches": "batch_id", "rates.rate_changes": "change_id", "products.products": "product_id"}', true,
     'true', 'parent', 'rates.ingested', 'true', 'false'),
    ('rates.rate_feeds', '{firm_record}', '{source}', 'r.created_at', 'null::date', '{}', '{}', true, 'true', 'never',
     'trigger', 'true', 'false'),
    ('rates.rate_settings', '{firm_record}', '{tenant_id}', 'null::date', 'null::date', '{}', '{}', true, 'true', 'never',
     'trigger', 'true', 'false')
on conflict (table_name) do update
   set classes = excluded.classes, key_columns = excluded.key_columns, created_on = excluded.created_on,
       clock_on = excluded.clock_on, persons = excluded.persons, parents = excluded.parents, guarded = excluded.guarded,
       record_when = excluded.record_when, disposal = excluded.disposal, evidence = excluded.evidence,
       clock_before = excluded.clock_before, needed_while = excluded.needed_while;
