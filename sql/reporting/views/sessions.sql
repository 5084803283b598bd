-- The sessions of the tenant under their documented names (X-03). The refresh token is not among them: nobody has it, and
-- its hash is nobody's to read.
create or replace view reporting.sessions with (security_invoker = true) as
select s.session_id as id, s.tenant_id, s.user_id, not s.is_active as is_revoked, s.expires_at, s.user_agent,
       host(s.ip_address) as ip_address, s.login_time as created_at,
       greatest(s.last_activity, s.logout_time, s.revoked_at) as updated_at
  from users.user_sessions s;
