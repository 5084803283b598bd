grant execute on function
    users.confirm_cognito_user(text, text, text, uuid, jsonb, jsonb),
    users.cognito_claims(text, text, text, text[], boolean, jsonb)
    to users_service;
grant execute on function users.confirm_directory_run(uuid) to users_service;
-- What happens by the clock is the jobs function's (sql/jobs/grants).
revoke execute on function
    users.job_directory_tenants(uuid),
    users.job_directory_start(uuid, uuid, integer, timestamptz, uuid),
    users.job_directory_keep(uuid, uuid, integer, jsonb, jsonb, integer, text, timestamptz, uuid),
    users.job_directory_finish(uuid, uuid, integer, timestamptz, uuid),
    users.claim_mail(integer, timestamptz),
    users.finish_mail(uuid, boolean, boolean, text, timestamptz),
    users.job_purge(uuid, timestamptz, uuid, integer), users.job_purge_tokens(timestamptz), users.job_purge_firms(uuid),
    users.retire_signing_keys(text[], timestamptz),
    users.signing_key_known(text)
    from users_service;
revoke select on users.directory_seen from app_read_only, app_read_write, app_admin;
