-- What the columns hold and how they enter the audit log (X-20). A column without a line stops the migration.
delete from audit.field_classes f where f.table_name like 'audit.%';
insert into audit.field_classes (table_name, column_name, class, treatment)
select v.table_name, c, v.class, v.treatment
  from (values
    ('audit.audit_events', 'internal', 'keep',
     'event_id tenant_id occurred_at recorded_at actor_id actor_type action legacy_action resource_type
        resource_id session_id request_id transaction_name outcome purpose xact actor_commitment content_commitment erasures'),
    ('audit.audit_events', 'pii', 'keep',
     'actor_label ip_address user_agent session_ref old_values new_values details reason'),
    ('audit.audit_events', 'secret', 'drop',
     'salt actor_key content_key'),
    ('audit.disposal_items', 'internal', 'keep',
     'tenant_id disposal_id record_id retain_until state why xact'),
    ('audit.disposals', 'internal', 'keep',
     'tenant_id disposal_id table_name as_of reason status proposed_at proposed_by_user_id records held
        decided_at decided_by_user_id decision_note execute_on finished_at disposed kept ids_sha256 version'),
    ('audit.disposals', 'pii', 'keep',
     'proposed_by decided_by'),
    ('audit.erasure_requests', 'internal', 'keep',
     'tenant_id erasure_id person_id ground reason status requested_at requested_by_user_id decided_at
        decided_by_user_id answer finished_at events events_sha256 version'),
    ('audit.erasure_requests', 'pii', 'keep',
     'requested_by decided_by'),
    ('audit.legal_hold_scopes', 'internal', 'keep',
     'tenant_id hold_id ordinal kind table_name record_id person_id class'),
    ('audit.legal_holds', 'internal', 'keep',
     'tenant_id hold_id name reason status placed_at placed_by_user_id release_reason release_requested_at
        release_requested_by_user_id released_at released_by_user_id version'),
    ('audit.legal_holds', 'pii', 'keep',
     'placed_by release_requested_by released_by'),
    ('audit.retention_overrides', 'internal', 'keep',
     'tenant_id class version in_force_from months days reason set_at set_by_user_id'),
    ('audit.retention_overrides', 'pii', 'keep',
     'set_by'),
    ('audit.subject_keys', 'internal', 'keep',
     'tenant_id key_id subject_id created_at destroyed_at destroyed_by'),
    ('audit.subject_keys', 'secret', 'drop',
     'key')
       ) v (table_name, class, treatment, columns),
       regexp_split_to_table(v.columns, '\s+') c;
