grant execute on function
    rates.update_product_rates(uuid, numeric, numeric, varchar, jsonb),
    rates.approve_change(uuid, varchar, text, bigint),
    rates.reject_change(uuid, varchar, text, bigint),
    rates.put_feed(text, text, integer, numeric, boolean, text, integer, bigint),
    rates.put_settings(numeric, integer, bigint),
    rates.propose_override(jsonb, varchar),
    rates.decide_override(uuid, boolean, varchar, text, bigint),
    rates.end_override(uuid, date, uuid, text, varchar, bigint),
    rates.ingest_feed_batch(text, text, bytea, jsonb, jsonb),
    rates.import_batch(jsonb, jsonb)
    to rates_service;
-- The events that the rates function receives: batches, each for the tenant it names. What it calls,
-- platform.begin_job, nobody executes by itself. The daily turn is the jobs function's (sql/jobs/grants).
grant execute on function rates.job_ingest_feed_batch(uuid, timestamptz, uuid, text, text, bytea, jsonb, jsonb)
    to rates_service;
revoke execute on function rates.tenants_with_due_rates(timestamptz),
    rates.job_activate_due_rates(uuid, timestamptz, uuid),
    rates.feeds_to_pull(timestamptz, integer),
    rates.job_feed_pulled(uuid, timestamptz, uuid, text, text, jsonb)
    from rates_service;
grant execute on function rates.rate_in_force(uuid, date, timestamptz), rates.continuity(uuid),
    rates.override_in_force(uuid, text, date, timestamptz)
    to app_read_only, app_read_write, app_admin;
grant insert, update, delete on rates.rate_feeds, rates.rate_settings to app_admin;
