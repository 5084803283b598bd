grant execute on function audit.log_user_action(uuid, varchar, varchar, uuid, jsonb, jsonb, inet, text, varchar)
    to app_read_write;
grant execute on function audit.ensure_partitions(date, integer) to jobs_service, app_admin;
revoke insert, update, delete, truncate, references, trigger on audit.audit_events
    from app_read_only, app_read_write, app_admin;
revoke select on audit.audit_events from app_read_only;
