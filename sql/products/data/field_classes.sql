-- What the columns hold and how they enter the audit log (X-20). A column without a line stops the migration.
delete from audit.field_classes f where f.table_name like 'products.%';
insert into audit.field_classes (table_name, column_name, class, treatment)
select v.table_name, c, v.class, v.treatment
  from (values
    ('products.annuity_terms', 'internal', 'keep',
     'tenant_id guarantee_years surrender_years crediting_method minimum_issue_age maximum_issue_age
        free_withdrawal_percentage market_value_adjustment'),
    ('products.annuity_terms', 'public', 'keep',
     'product_id terms'),
    ('products.cd_terms', 'internal', 'keep',
     'tenant_id term_months compounding day_count callable early_withdrawal_penalty'),
    ('products.cd_terms', 'public', 'keep',
     'product_id terms'),
    ('products.import_errors', 'internal', 'keep',
     'tenant_id import_id line ordinal column_name code'),
    ('products.import_errors', 'pii', 'keep',
     'message'),
    ('products.imports', 'internal', 'keep',
     'tenant_id import_id kind file_name file_sha256 format dry_run status next_line rows_total
        rows_created rows_updated rows_unchanged rows_failed options started_at finished_at
        created_by_user_id version rows_quarantined'),
    ('products.imports', 'pii', 'keep',
     'created_by'),
    ('products.producer_appointments', 'internal', 'keep',
     'tenant_id appointment_id user_id issuer_key state line_of_authority start_date end_date is_active
        created_at created_by_user_id updated_at updated_by_user_id version'),
    ('products.producer_appointments', 'pii', 'keep',
     'license_number created_by updated_by'),
    ('products.producer_appointments', 'public', 'keep',
     'issuer'),
    ('products.product_availability', 'internal', 'keep',
     'tenant_id availability_id start_date end_date is_active created_at created_by_user_id'),
    ('products.product_availability', 'pii', 'keep',
     'created_by'),
    ('products.product_availability', 'public', 'keep',
     'product_id'),
    ('products.product_comparison_items', 'internal', 'keep',
     'tenant_id comparison_id rank product_version rate_history_id'),
    ('products.product_comparison_items', 'public', 'keep',
     'product_id base_rate bonus_rate'),
    ('products.product_comparisons', 'internal', 'keep',
     'tenant_id comparison_id user_id product_ids investment_amount horizon_months as_of known_at
        comparison_date session_id request result result_sha256 engine_version'),
    ('products.product_comparisons', 'public', 'keep',
     'currency'),
    ('products.product_versions', 'internal', 'keep',
     'tenant_id version recorded_at snapshot'),
    ('products.product_versions', 'public', 'keep',
     'product_id'),
    ('products.products', 'internal', 'drop',
     'rate_key search'),
    ('products.products', 'internal', 'keep',
     'tenant_id minimum_investment maximum_investment rate_effective_date next_rate_date return_of_premium
        return_of_premium_percentage terms_and_conditions terms_version is_active deactivated_at created_at
        updated_at created_by_user_id updated_by_user_id version'),
    ('products.products', 'pii', 'keep',
     'created_by updated_by'),
    ('products.products', 'public', 'keep',
     'product_id cusip isin product_name product_type product_subtype issuer description currency
        base_rate bonus_rate states'),
    ('products.recommendation_decisions', 'internal', 'keep',
     'tenant_id recommendation_id recommended_by_user_id decision reason decided_at decided_by_user_id'),
    ('products.recommendation_decisions', 'pii', 'keep',
     'decided_by'),
    ('products.recommendations', 'internal', 'keep',
     'tenant_id recommendation_id comparison_id user_id is_replacement record comparison_sha256
        record_sha256 created_at'),
    ('products.recommendations', 'pii', 'keep',
     'client_reference created_by'),
    ('products.recommendations', 'public', 'keep',
     'product_id'),
    ('products.sale_settings', 'internal', 'keep',
     'tenant_id appointments_enforced updated_at version'),
    ('products.terms_versions', 'internal', 'keep',
     'tenant_id terms_version sha256 effective_at created_at created_by_user_id'),
    ('products.terms_versions', 'pii', 'keep',
     'created_by'),
    ('products.terms_versions', 'public', 'keep',
     'product_id text')
       ) v (table_name, class, treatment, columns),
       regexp_split_to_table(v.columns, '\s+') c;
