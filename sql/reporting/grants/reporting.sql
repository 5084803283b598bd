-- The views run with the rights of their reader, so what he may not see in the tables he does not see here.
grant select on reporting.users, reporting.users_masked, reporting.sessions, reporting.user_activity_summary,
    reporting.audit_log, reporting.audit_logs
    to app_read_only, app_read_write, app_admin;
