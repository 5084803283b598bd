grant execute on function audit.log_user_action(uuid, varchar, varchar, uuid, jsonb, jsonb, inet, text, varchar)
    to app_read_write;
grant execute on function audit.ensure_partitions(date, integer) to app_admin;
revoke execute on function audit.ensure_partitions(date, integer) from jobs_service;
revoke insert, update, delete, truncate, references, trigger on audit.audit_events
    from app_read_only, app_read_write, app_admin;
revoke select on audit.audit_events from app_read_only;
revoke select on audit.logs, audit.log_leaves, audit.log_tiles, audit.checkpoints from app_read_only;
grant execute on function audit.record_access(text, jsonb), audit.canonical_action(text) to audit_service;
-- The jobs function seals (sql/jobs/grants); this one only reads.
revoke execute on function audit.tenants_to_seal(), audit.job_seal_state(uuid), audit.job_seal_take(uuid, integer),
    audit.job_seal_put(uuid, bigint, jsonb, jsonb, jsonb), audit.job_archive_tiles(uuid, bigint, bigint),
    audit.job_archived(uuid, bigint)
    from audit_service;
revoke select on audit.archive_settings, audit.archive_months, audit.archive_drills from app_read_only, app_read_write, app_admin;
revoke select on audit.archive_logs, audit.archive_files from app_read_only;
revoke select on audit.subject_keys, audit.subject_key_uses from app_read_only, app_read_write, app_admin;
-- Months leave the database by the hand of the jobs function alone.
grant execute on function audit.job_archive_next(timestamptz, date), audit.job_archive_begin(date, timestamptz),
    audit.job_archive_page(uuid, date, bigint, integer), audit.job_archive_put(uuid, date, jsonb),
    audit.job_archive_written(uuid, date, text, bytea), audit.job_archive_verified(uuid, date, integer),
    audit.job_archive_detach(date), audit.job_archive_drop(date), audit.job_archive_files(uuid, date),
    audit.job_archive_keys(uuid, date, boolean),
    audit.job_archive_months(), audit.job_archive_previous(uuid, date), audit.job_archive_release(date),
    audit.job_restore_begin(date), audit.job_restore_rows(uuid, date, text), audit.job_restore_index(date),
    audit.job_restore_attach(date, bigint), audit.job_drill_begin(date, uuid, bigint),
    audit.job_drill_rows(uuid, date, uuid, bigint, text), audit.job_drill_page(uuid, date, bigint, integer),
    audit.job_drill_end(date, uuid, jsonb)
    to jobs_service;
revoke select on audit.retention_overrides, audit.legal_holds, audit.legal_hold_scopes from app_read_only;
revoke select on audit.redactions from app_read_only, app_read_write, app_admin;
grant execute on function audit.place_hold(jsonb, varchar),
    audit.request_hold_release(uuid, text, varchar, bigint),
    audit.decide_hold_release(uuid, boolean, varchar, text, bigint),
    audit.put_retention_override(text, integer, integer, text, varchar, bigint),
    audit.retention_facts(text, text)
    to audit_service;
grant execute on function audit.retention_versions(uuid) to audit_service;
revoke select on audit.disposals, audit.disposal_items, audit.erasure_requests from app_read_only;
grant execute on function audit.propose_disposal(uuid, text, text, varchar, integer),
    audit.decide_disposal(uuid, boolean, varchar, text, bigint),
    audit.request_erasure(uuid, uuid, text, text, varchar),
    audit.decide_erasure(uuid, boolean, varchar, text, bigint),
    audit.erasure_answer(uuid)
    to audit_service;
-- The jobs of retention, each of which establishes its firm by itself.
grant execute on function audit.tenants_to_sweep(), audit.job_propose_disposals(uuid, timestamptz, uuid),
    audit.job_dispose(uuid, timestamptz, uuid, integer), audit.erasures_to_run(),
    audit.job_erasure_take(uuid, uuid, timestamptz, uuid, integer, timestamptz, uuid),
    audit.job_erasure_put(uuid, uuid, timestamptz, uuid, jsonb), audit.partition_may_go(text)
    to jobs_service;
-- Whoever shows what is personal of others records it.
grant execute on function audit.record_personal_access(jsonb, text) to users_service;
