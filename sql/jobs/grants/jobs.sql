-- The jobs function visits every firm and acts for it as a job. What its functions call (platform.begin_job,
-- audit.ensure_partitions) nobody executes by itself.
grant execute on function
    jobs.open_runs(text, boolean, text, text, text, integer, timestamptz, uuid, date),
    jobs.unfinished_turns(),
    jobs.claim(uuid, uuid, uuid, integer, integer, timestamptz),
    jobs.keep(uuid, uuid, integer, boolean, jsonb, jsonb, jsonb, integer),
    jobs.let_go(uuid, uuid, integer, text, integer, timestamptz),
    jobs.status(text, date, uuid, integer),
    jobs.purge_idempotency_keys(uuid, uuid, integer, integer, integer, timestamptz, uuid),
    jobs.purge_runs(uuid, uuid, integer, integer, integer, timestamptz, uuid),
    jobs.clean_up_rates(uuid, uuid, integer, integer, integer, timestamptz, uuid),
    jobs.turn_availability(uuid, uuid, integer, integer, integer, timestamptz, uuid),
    jobs.make_audit_partitions(uuid, uuid, integer, integer, integer, timestamptz, uuid),
    jobs.analyze_tables(uuid, uuid, integer, integer, integer, timestamptz, uuid),
    jobs.refresh_roll_ups(uuid, uuid, integer, integer, integer, timestamptz, uuid),
    jobs.report_health(uuid, uuid, integer, integer, integer, timestamptz, uuid)
    to jobs_service;
-- Sealing the audit log.
grant execute on function audit.tenants_to_seal(), audit.job_seal_state(uuid), audit.job_seal_take(uuid, integer),
    audit.job_seal_put(uuid, bigint, jsonb, jsonb, jsonb), audit.job_archive_tiles(uuid, bigint, bigint),
    audit.job_archived(uuid, bigint)
    to jobs_service;
-- Rates whose day has come, and batches that lie in a folder.
grant execute on function rates.tenants_with_due_rates(timestamptz),
    rates.feeds_to_pull(timestamptz, integer),
    rates.job_feed_pulled(uuid, timestamptz, uuid, text, text, jsonb),
    rates.job_activate_due_rates(uuid, timestamptz, uuid),
    rates.job_ingest_feed_batch(uuid, timestamptz, uuid, text, text, bytea, jsonb, jsonb)
    to jobs_service;
-- Mail, clean-up, keys and the comparison with directories.
grant execute on function users.claim_mail(integer, timestamptz),
    users.finish_mail(uuid, boolean, boolean, text, timestamptz),
    users.job_purge(uuid, timestamptz, uuid, integer), users.job_purge_tokens(timestamptz), users.job_purge_firms(uuid),
    users.register_signing_key(text, text, jsonb), users.signing_key_known(text),
    users.retire_signing_keys(text[], timestamptz),
    users.job_directory_tenants(uuid),
    users.job_directory_start(uuid, uuid, integer, timestamptz, uuid),
    users.job_directory_keep(uuid, uuid, integer, jsonb, jsonb, integer, text, timestamptz, uuid),
    users.job_directory_finish(uuid, uuid, integer, timestamptz, uuid)
    to jobs_service;
-- What they count and why they failed is the operator's to see.
revoke select on jobs.runs from app_read_only, app_read_write;
revoke select on users.activity_daily from app_read_only, app_read_write;
