-- What the columns hold and how they enter the audit log (X-20). A column without a line stops the migration.
delete from audit.field_classes f where f.table_name like 'rates.%';
insert into audit.field_classes (table_name, column_name, class, treatment)
select v.table_name, c, v.class, v.treatment
  from (values
    ('rates.feed_batches', 'internal', 'keep',
     'tenant_id batch_id source external_batch_id fingerprint received_at received_by_user_id rows_total
        rows_applied rows_unchanged rows_duplicate rows_quarantined rows_rejected response'),
    ('rates.feed_batches', 'pii', 'keep',
     'received_by'),
    ('rates.feed_rates', 'internal', 'keep',
     'tenant_id source external_id batch_id cusip outcome code change_id'),
    ('rates.feed_rates', 'public', 'keep',
     'product_id base_rate bonus_rate effective_date end_date'),
    ('rates.rate_changes', 'internal', 'keep',
     'tenant_id change_id previous_base_rate previous_bonus_rate origin source batch_id external_id status
        reason quarantine_reason proposed_at proposed_by_user_id decided_at decided_by_user_id decision_note
        version'),
    ('rates.rate_changes', 'pii', 'keep',
     'proposed_by decided_by'),
    ('rates.rate_changes', 'public', 'keep',
     'product_id base_rate bonus_rate effective_date end_date'),
    ('rates.rate_feeds', 'internal', 'drop',
     'pulled_at pull_outcome'),
    ('rates.rate_feeds', 'internal', 'keep',
     'tenant_id source name precedence tolerance is_active pull_url pull_minutes created_at updated_at version'),
    ('rates.rate_history', 'internal', 'drop',
     'valid'),
    ('rates.rate_history', 'internal', 'keep',
     'tenant_id rate_history_id recorded_at superseded_at source external_id batch_id change_id
        derived_from reason created_at created_by_user_id'),
    ('rates.rate_history', 'pii', 'keep',
     'approved_by created_by'),
    ('rates.rate_history', 'public', 'keep',
     'product_id base_rate bonus_rate effective_date end_date'),
    ('rates.rate_overrides', 'internal', 'drop',
     'valid'),
    ('rates.rate_overrides', 'internal', 'keep',
     'tenant_id override_id product_id base_rate bonus_rate effective_date end_date status reason
        product_base_rate product_bonus_rate proposed_at proposed_by_user_id decided_at decided_by_user_id
        decision_note recorded_at superseded_at derived_from version'),
    ('rates.rate_overrides', 'pii', 'keep',
     'account_reference proposed_by decided_by'),
    ('rates.rate_settings', 'internal', 'keep',
     'tenant_id tolerance manual_precedence updated_at version')
       ) v (table_name, class, treatment, columns),
       regexp_split_to_table(v.columns, '\s+') c;
