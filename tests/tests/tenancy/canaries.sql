-- One row in every table of a firm, each text of it carrying the firm's canary. {f} is the firm's letter. Ids of rows
-- begin with eight times that letter.
begin;
select users.put_member('00000000-0000-7000-8000-00000000000{f}', '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-9000-000000000001',
    'canary-{f}-leak@example.test', 'canary-{f}-leak', 'canary-{f}-leak', 'okta', 'https://canary-{f}-leak.example',
    'canary-{f}-leak', array['ProductAdministrator', 'SystemAdministrator'], 'canary-{f}-leak');
select users.put_identity_provider('00000000-0000-7000-8000-00000000000{f}', jsonb_build_object(
    'identity_provider_id', '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-b200-000000000001',
    'issuer', 'https://canary-{f}-leak.example', 'provider', 'okta', 'audience', array['canary-{f}-leak'],
    'jwks_uri', 'https://canary-{f}-leak.example/keys', 'algorithms', array['RS256'], 'token_types', array['at+jwt'],
    'tenant_claim', 'canary-{f}-leak', 'role_claim', 'roles', 'role_source', 'grants',
    'directory_claim', 'canary-{f}-leak'));
update tenants.tenants set legal_name = 'canary-{f}-leak'
 where tenant_id = '00000000-0000-7000-8000-00000000000{f}';
insert into users.user_sessions (tenant_id, session_id, user_id, okta_session_id, jwt_token_hash, user_agent)
values ('00000000-0000-7000-8000-00000000000{f}', '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-a000-000000000001',
    '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-9000-000000000001', 'canary-{f}-leak', 'canary-{f}-leak', 'canary-{f}-leak');

-- Credentials, factors, keys and the directory's things. Nobody reads most of them, and this shows it.
insert into users.password_credentials (user_id, hash) values ('{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-9000-000000000001', '$argon2id$canary-{f}-leak');
insert into users.password_history (user_id, hash) values ('{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-9000-000000000001', 'canary-{f}-leak');
insert into users.security_questions (user_id, question, answer_hash) values ('{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-9000-000000000001', 'canary-{f}-leak', 'canary-{f}-leak');
insert into users.mfa_settings (user_id, preferred_method) values ('{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-9000-000000000001', 'totp');
insert into users.totp_factors (user_id, label, secret, key_version) values ('{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-9000-000000000001', 'canary-{f}-leak', 'canary-{f}-leak', 1);
insert into users.recovery_codes (user_id, code_hash) values ('{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-9000-000000000001', 'canary-{f}-leak');
insert into users.webauthn_credentials (user_id, credential_id, passkey, label)
values ('{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-9000-000000000001', 'canary-{f}-leak', '{"x": "canary-{f}-leak"}', 'canary-{f}-leak');
insert into users.one_time_tokens (token_hash, purpose, user_id, data, expires_at)
values ('canary-{f}-leak', 'recover', '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-9000-000000000001', '{"x": "canary-{f}-leak"}', now() + interval '1 hour');
insert into users.mail_queue (kind, recipient, facts, sealed, created_at, next_attempt_at)
values ('recover', 'canary-{f}-leak@example.test', '{"x": "canary-{f}-leak"}', 'canary-{f}-leak', now(), now());
insert into users.user_profiles (user_id, avatar, preferences) values ('{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-9000-000000000001', 'canary-{f}-leak', '{"x": "canary-{f}-leak"}');
insert into users.api_keys (tenant_id, api_key_id, user_id, name, prefix, key_hash, scopes)
values ('00000000-0000-7000-8000-00000000000{f}', '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-b100-000000000001', '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-9000-000000000001', 'canary-{f}-leak', 'canary-{f}-leak', 'canary-{f}-leak', '{canary-{f}-leak}');
insert into users.groups (tenant_id, group_id, display_name, external_id)
values ('00000000-0000-7000-8000-00000000000{f}', '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-b000-000000000001', 'canary-{f}-leak', 'canary-{f}-leak');
insert into users.group_members (tenant_id, group_id, user_id)
values ('00000000-0000-7000-8000-00000000000{f}', '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-b000-000000000001', '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-9000-000000000001');
insert into users.group_role_mappings (tenant_id, provider, group_name, role_name)
values ('00000000-0000-7000-8000-00000000000{f}', 'okta', 'canary-{f}-leak', 'SalesManager');
insert into users.invitations (tenant_id, invitation_id, email, message, invited_by, token_hash, expires_at)
values ('00000000-0000-7000-8000-00000000000{f}', '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-b400-000000000001', 'canary-{f}-leak@example.test', 'canary-{f}-leak', '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-9000-000000000001', 'canary-{f}-leak', now() + interval '1 day');
insert into users.auth_policies (tenant_id, mfa_roles) values ('00000000-0000-7000-8000-00000000000{f}', '{canary-{f}-leak}');
insert into users.event_hooks (tenant_id, hook_id, secret_hashes) values ('00000000-0000-7000-8000-00000000000{f}', '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-b300-000000000001', '{canary-{f}-leak}');
insert into users.directory_runs (tenant_id, run_id, day, status, started_at, counts, differences, reason)
values ('00000000-0000-7000-8000-00000000000{f}', '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-b400-000000000001', '2026-11-20', 'held', now(), '{"x": "canary-{f}-leak"}', '["canary-{f}-leak"]', 'canary-{f}-leak');
insert into jobs.runs (tenant_id, job, business_date, scheduled_at, state, finished_at, counts, report, error)
values ('00000000-0000-7000-8000-00000000000{f}', 'canary-{f}-leak', '2026-11-20', now(), 'failed', now(), '{"x": 1}', '{"x": "canary-{f}-leak"}', 'canary-{f}-leak');
insert into users.activity_daily (tenant_id, business_date, user_id, sessions, comparisons, actions)
values ('00000000-0000-7000-8000-00000000000{f}', '2026-11-20', '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-9000-000000000001', 1, 1, 1);
insert into users.directory_seen (tenant_id, run_id, kind, id, name)
values ('00000000-0000-7000-8000-00000000000{f}', '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-b400-000000000001', 'group', 'canary-{f}-leak', 'canary-{f}-leak');
insert into users.directory_events (tenant_id, source, event_id, event_type, published, payload, outcome)
values ('00000000-0000-7000-8000-00000000000{f}', 'okta', 'canary-{f}-leak', 'canary-{f}-leak', now(), '{"x": "canary-{f}-leak"}', 'canary-{f}-leak');

select platform.begin_request('00000000-0000-7000-8000-00000000000{f}', 'https://canary-{f}-leak.example',
    'canary-{f}-leak', array['ProductAdministrator', 'SystemAdministrator'], true, now(), gen_random_uuid(),
    '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-a000-000000000001', '203.0.113.9', 'canary-{f}-leak', 'canary-{f}-leak');
select platform.idempotency_claim('canary-{f}-leak', 'canary-{f}-leak', '\x01');
select platform.idempotency_finish('canary-{f}-leak', 201, '{"x": "canary-{f}-leak"}', 'canary-{f}-leak');

select products.create_product('037833100', 'canary-{f}-leak annuity', 'Annuity', 'canary-{f}-leak', 1000.00, 50000.00,
    5.2500, 1.0000, true, 90.00, 'canary-{f}-leak terms', 'canary-{f}-leak', jsonb_build_object(
        'product_id', '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-8000-000000000001', 'issuer', 'canary-{f}-leak',
        'product_subtype', 'canary-{f}-leak', 'rate_history_id', '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-8000-0000000000a1',
        'annuity_terms', jsonb_build_object('guarantee_years', 5, 'crediting_method', 'canary-{f}-leak'),
        'availability', jsonb_build_array(jsonb_build_object('start_date', platform.business_date() - 10, 'end_date',
            platform.business_date() + 10, 'availability_id', '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-8000-0000000000b1'))));
select products.create_product('594918104', 'canary-{f}-leak certificate', 'CD', 'canary-{f}-leak', 1000.00, null,
    4.0000, 0, false, null, 'canary-{f}-leak terms', 'canary-{f}-leak', jsonb_build_object(
        'product_id', '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-8000-000000000002', 'issuer', 'canary-{f}-leak',
        'rate_history_id', '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-8000-0000000000a2',
        'cd_terms', jsonb_build_object('term_months', 12, 'compounding', 'canary-{f}-leak'),
        'availability', jsonb_build_array(jsonb_build_object('start_date', platform.business_date() - 10, 'end_date',
            platform.business_date() + 10, 'availability_id', '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-8000-0000000000b2'))));
-- The annuity is withdrawn from sale: what belongs to it is for administrators only.
select products.deactivate_product('{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-8000-000000000001', 'canary-{f}-leak');
select rates.put_settings(0.5000, 0);
select rates.put_feed('canary-{f}-leak', 'canary-{f}-leak', 100, null, true, null, null);
select rates.ingest_feed_batch('canary-{f}-leak', 'canary-{f}-leak', '\x01', jsonb_build_array(
    jsonb_build_object('external_id', 'canary-{f}-leak 1', 'cusip', '594918104', 'base_rate', 4.1, 'bonus_rate', 0,
        'effective_date', platform.business_date()),
    jsonb_build_object('external_id', 'canary-{f}-leak 2', 'cusip', '037833100', 'base_rate', 9.5, 'bonus_rate', 0,
        'effective_date', platform.business_date(), 'change_id', '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-8000-0000000000c2')),
    '{"batch_id": "{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-8000-0000000000d1", "received_by": "canary-{f}-leak"}');
select rates.update_product_rates('{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-8000-000000000002', 9.0000, 0,
    'canary-{f}-leak', '{"change_id": "{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-8000-0000000000c1", "reason": "canary-{f}-leak"}');
select rates.update_product_rates('{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-8000-000000000002', 4.2000, 0, 'canary-{f}-leak',
    jsonb_build_object('effective_date', platform.business_date() + 30, 'reason', 'canary-{f}-leak'));
select products.save_comparison(jsonb_build_object(
    'comparison_id', '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-8000-0000000000e1', 'investment_amount', 10000.00,
    'currency', 'USD', 'horizon_months', 60, 'as_of', platform.business_date(), 'known_at', now() - interval '1 hour',
    'engine_version', 2, 'request', jsonb_build_object('note', 'canary-{f}-leak'), 'result', '{"note": "canary-{f}-leak"}',
    'items', jsonb_build_array(
        jsonb_build_object('product_id', '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-8000-000000000001', 'rank', 1,
            'product_version', 1, 'rate_history_id', '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-8000-0000000000a1',
            'base_rate', 5.25, 'bonus_rate', 1),
        jsonb_build_object('product_id', '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-8000-000000000002', 'rank', 2,
            'product_version', 1, 'rate_history_id', '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-8000-0000000000a2',
            'base_rate', 4, 'bonus_rate', 0))));
select products.put_sale_settings(false);
select products.add_appointment('{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-8000-0000000000e2', jsonb_build_object(
    'user_id', '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-9000-000000000001', 'issuer', 'canary-{f}-leak', 'state', 'NY',
    'line_of_authority', 'life', 'license_number', 'canary-{f}-leak', 'start_date', '2026-01-01'), 'canary-{f}-leak');
select products.recommend(jsonb_build_object(
    'recommendation_id', '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-8000-0000000000e3',
    'comparison_id', '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-8000-0000000000e1',
    'product_id', '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-8000-000000000001', 'client_reference', 'canary-{f}-leak',
    'is_replacement', false, 'record', '{"note": "canary-{f}-leak"}'), 'canary-{f}-leak');
insert into products.recommendation_decisions (tenant_id, recommendation_id, recommended_by_user_id, decision, reason,
    decided_by, decided_by_user_id)
values ('00000000-0000-7000-8000-00000000000{f}', '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-8000-0000000000e3',
    '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-9000-000000000001', 'approved', 'canary-{f}-leak', 'canary-{f}-leak',
    (select m.user_id from users.memberships m
      where m.tenant_id = '00000000-0000-7000-8000-00000000000{f}'
        and m.user_id <> '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-9000-000000000001' order by m.user_id limit 1));
select rates.propose_override(jsonb_build_object(
    'override_id', '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-8000-0000000000c3',
    'product_id', '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-8000-000000000002', 'account_reference', 'canary-{f}-leak',
    'base_rate', 4.1, 'effective_date', platform.business_date(), 'reason', 'canary-{f}-leak'), 'canary-{f}-leak');
insert into products.imports (tenant_id, import_id, kind, file_name, file_sha256, format, options, created_by)
values ('00000000-0000-7000-8000-00000000000{f}', '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-8000-0000000000f1', 'products',
    'canary-{f}-leak.csv', '\x01', 'csv', '{"note": "canary-{f}-leak"}', 'canary-{f}-leak');
insert into products.import_errors (tenant_id, import_id, line, column_name, code, message)
values ('00000000-0000-7000-8000-00000000000{f}', '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-8000-0000000000f1', 2,
    'canary-{f}-leak', 'canary-{f}-leak', 'canary-{f}-leak');

-- A log with a leaf, a tile and a head. Hashes and numbers hold no canary but the firm's id.
insert into audit.logs (tenant_id, size) values ('00000000-0000-7000-8000-00000000000{f}', 1);
insert into audit.log_leaves (tenant_id, leaf_index, event_id, occurred_at)
values ('00000000-0000-7000-8000-00000000000{f}', 0, '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-8000-0000000000f9', now());
insert into audit.log_tiles (tenant_id, level, tile_index, hashes)
values ('00000000-0000-7000-8000-00000000000{f}', 0, 0, sha256('canary-{f}-leak'));
insert into audit.checkpoints (tenant_id, size, root, note, verifier_key)
values ('00000000-0000-7000-8000-00000000000{f}', 1, sha256('canary-{f}-leak'), 'canary-{f}-leak', 'canary-{f}-leak');
-- A month of it in the archive. The month is the platform's, whoever comes first.
insert into audit.archive_months (month, state, tenants) values ('2020-01-01', 'dropped', '{}')
    on conflict on constraint archive_months_pkey do nothing;
insert into audit.archive_drills (month) values ('2020-01-01') on conflict on constraint archive_drills_pkey do nothing;
insert into audit.archive_logs (tenant_id, month, rows, first_leaf, last_leaf, tree_size, keep_until, manifest_path,
    manifest_sha256)
values ('00000000-0000-7000-8000-00000000000{f}', '2020-01-01', 1, 0, 0, 1, now(), 'canary-{f}-leak',
    sha256('canary-{f}-leak'));
insert into audit.archive_files (tenant_id, month, part, path, sha256, bytes, rows, first_leaf, last_leaf, runs,
    first_at, last_at)
values ('00000000-0000-7000-8000-00000000000{f}', '2020-01-01', 1, 'canary-{f}-leak', sha256('canary-{f}-leak'), 1, 1,
    0, 0, '[[0, 1]]', now(), now());
insert into audit.subject_keys (tenant_id, key_id, subject_id)
values ('00000000-0000-7000-8000-00000000000{f}', '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-8000-0000000000fb',
    '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-9000-000000000001');
insert into audit.subject_key_uses (tenant_id, month, part, key_id, leaves)
values ('00000000-0000-7000-8000-00000000000{f}', '2020-01-01', 1, '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-8000-0000000000fb',
    '{0}');

-- A promise of the firm's own and a legal hold, over a record that nobody has.
select audit.put_retention_override('rate_history', 120, 0, 'canary-{f}-leak', 'canary-{f}-leak');
select audit.place_hold(jsonb_build_object('hold_id', '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-8000-0000000000fa',
    'name', 'canary-{f}-leak', 'reason', 'canary-{f}-leak', 'scopes', jsonb_build_array(jsonb_build_object(
        'kind', 'record', 'table_name', 'rates.feed_rates', 'record_id', 'canary-{f}-leak/1'))), 'canary-{f}-leak');
insert into audit.disposals (tenant_id, disposal_id, table_name, as_of, reason, proposed_by, records, held)
values ('00000000-0000-7000-8000-00000000000{f}', '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-8000-0000000000fb',
    'rates.rate_history', platform.business_date(), 'canary-{f}-leak', 'canary-{f}-leak', 1, 0);
insert into audit.disposal_items (tenant_id, disposal_id, record_id, retain_until)
values ('00000000-0000-7000-8000-00000000000{f}', '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-8000-0000000000fb',
    'canary-{f}-leak', platform.business_date());
select audit.request_erasure('{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-8000-0000000000fc',
    '{f}{f}{f}{f}{f}{f}{f}{f}-0000-7000-9000-000000000001', 'firm', 'canary-{f}-leak', 'canary-{f}-leak');
commit;
