grant execute on function
    platform.begin_request(
        uuid, text, text, text[], boolean, timestamptz, uuid, uuid, text, text, text, uuid, uuid, uuid, boolean),
    platform.idempotency_claim(text, text, bytea),
    platform.idempotency_finish(text, integer, jsonb, bytea),
    platform.idempotency_stored(text)
    to app_read_write;
-- Only from within a function that names its job.
revoke execute on function platform.begin_job(uuid, text, timestamptz, uuid) from jobs_service;
-- What has work on a whole month of events.
grant execute on function platform.limit_statement(integer) to jobs_service;
grant execute on function
    platform.check_login_role(), platform.current_tenant_id(), platform.current_user_id(), platform.business_date(),
    platform.request_time()
    to app_read_only, app_read_write, app_admin;
-- The stored answers are for their owner, through idempotency_stored, and for nobody else.
revoke select on platform.idempotency_keys from app_read_only, app_read_write;
