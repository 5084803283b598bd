-- A product's clock starts when it is withdrawn. What it said goes with it: its documents, its versions, and those of its
-- terms.
insert into audit.retention_tables (
    table_name, classes, key_columns, created_on, clock_on, persons, parents, guarded, record_when, disposal, evidence) values
    ('products.products', '{product_record}', '{product_id}', 'r.created_at',
     'case when not r.is_active then r.deactivated_at end', '{created_by_user_id,updated_by_user_id}', '{}', true, 'true',
     'row', 'trigger'),
    ('products.annuity_terms', '{product_record}', '{product_id}', 'null::date', 'null::date', '{}',
     '{"products.products": "product_id"}', true, 'true', 'parent', 'trigger'),
    ('products.cd_terms', '{product_record}', '{product_id}', 'null::date', 'null::date', '{}',
     '{"products.products": "product_id"}', true, 'true', 'parent', 'trigger'),
    ('products.product_versions', '{product_record}', '{product_id,version}', 'r.recorded_at',
     '(select p.deactivated_at from products.products p where p.tenant_id = r.tenant_id and p.product_id = r.product_id
          and not p.is_active)', '{}',
     '{"products.products": "product_id"}', true, 'true', 'parent', 'product.updated'),
    ('products.terms_versions', '{product_record}', '{product_id,terms_version}', 'r.created_at',
     '(select p.deactivated_at from products.products p where p.tenant_id = r.tenant_id and p.product_id = r.product_id
          and not p.is_active)',
     '{created_by_user_id}', '{"products.products": "product_id"}', true, 'true', 'parent', 'terms.published'),
    ('products.product_availability', '{product_record}', '{availability_id}', 'r.created_at',
     'greatest(r.end_date, (r.created_at at time zone ''UTC'')::date)', '{created_by_user_id}',
     '{"products.products": "product_id"}', true, 'true', 'row', 'trigger'),
    ('products.product_comparisons', '{sale_record,adviser_record}', '{comparison_id}', 'r.comparison_date',
     'r.comparison_date', '{user_id}', '{}', true, 'true', 'row', 'comparison.created'),
    ('products.product_comparison_items', '{sale_record,adviser_record}', '{comparison_id,product_id}', 'null::date',
     'null::date', '{}', '{"products.product_comparisons": "comparison_id", "products.products": "product_id"}', true,
     'true', 'parent', 'comparison.created'),
    ('products.recommendations', '{sale_record,adviser_record}', '{recommendation_id}', 'r.created_at', 'r.created_at',
     '{user_id}', '{"products.product_comparisons": "comparison_id", "products.products": "product_id"}', true, 'true',
     'row', 'recommendation.made'),
    ('products.recommendation_decisions', '{sale_record,adviser_record}', '{recommendation_id}', 'r.decided_at',
     'r.decided_at', '{recommended_by_user_id,decided_by_user_id}',
     '{"products.recommendations": "recommendation_id"}', true, 'true', 'parent', 'recommendation.approved'),
    ('products.producer_appointments', '{sale_record}', '{appointment_id}', 'r.created_at',
     'case when r.end_date is not null then r.end_date when not r.is_active then (r.updated_at at time zone ''UTC'')::date end',
     '{user_id,created_by_user_id,updated_by_user_id}', '{}', true, 'true', 'row', 'trigger'),
    ('products.sale_settings', '{firm_record}', '{tenant_id}', 'null::date', 'null::date', '{}', '{}', true, 'true',
     'never', 'trigger'),
    ('products.imports', '{rate_history}', '{import_id}', 'r.started_at', 'r.finished_at', '{created_by_user_id}', '{}',
     true, 'true', 'row', 'trigger'),
    ('products.import_errors', '{working_data}', '{import_id,line,ordinal}', 'null::date', 'null::date', '{}',
     '{"products.imports": "import_id"}', true, 'true', 'parent', 'products.imported')
on conflict (table_name) do update
   set classes = excluded.classes, key_columns = excluded.key_columns, created_on = excluded.created_on,
       clock_on = excluded.clock_on, persons = excluded.persons, parents = excluded.parents, guarded = excluded.guarded,
       record_when = excluded.record_when, disposal = excluded.disposal, evidence = excluded.evidence;
-- A product stays as long as a record that names it: its rates and what is asked of them, its windows, and every comparison
-- that showed it, which is reproduced from its versions.
update audit.retention_tables
   set clock_before = 'r.deactivated_at < %1$L',
       needed_while = 'exists (select from rates.rate_history h where h.tenant_id = r.tenant_id and h.product_id = r.product_id)
      or exists (select from rates.rate_changes c where c.tenant_id = r.tenant_id and c.product_id = r.product_id)
      or exists (select from rates.rate_overrides o where o.tenant_id = r.tenant_id and o.product_id = r.product_id)
      or exists (select from rates.feed_rates f where f.tenant_id = r.tenant_id and f.product_id = r.product_id)
      or exists (select from products.product_availability w where w.tenant_id = r.tenant_id
                    and w.product_id = r.product_id)
      or exists (select from products.product_comparison_items i where i.tenant_id = r.tenant_id
                    and i.product_id = r.product_id)'
 where table_name = 'products.products';
-- It keeps its versions as long as it is there.
update audit.retention_tables
   set needed_while = 'exists (select from products.products p where p.tenant_id = r.tenant_id and p.product_id = r.product_id)'
 where table_name in ('products.product_versions', 'products.terms_versions');
