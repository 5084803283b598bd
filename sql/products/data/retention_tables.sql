-- A product's clock starts when it is withdrawn; a version of it or of its terms when the next one has replaced it, or with
-- the product.
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
     '(select n.recorded_at from products.product_versions n where n.tenant_id = r.tenant_id
          and n.product_id = r.product_id and n.version > r.version order by n.version limit 1)', '{}',
     '{"products.products": "product_id"}', true, 'true', 'row', 'product.updated'),
    ('products.terms_versions', '{product_record}', '{product_id,terms_version}', 'r.created_at',
     '(select n.effective_at from products.terms_versions n where n.tenant_id = r.tenant_id
          and n.product_id = r.product_id and n.terms_version > r.terms_version order by n.terms_version limit 1)',
     '{created_by_user_id}', '{"products.products": "product_id"}', true, 'true', 'row', 'terms.published'),
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
-- A saved comparison is reproduced from the versions that it showed.
update audit.retention_tables
   set needed_while = 'exists (select from products.product_comparison_items i where i.tenant_id = r.tenant_id
                           and i.product_id = r.product_id and i.product_version = r.version)'
 where table_name = 'products.product_versions';
