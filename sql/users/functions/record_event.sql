-- Records an authentication event under its documented name and the canonical one (X-21): success, failure or denied.
-- It concerns p_user_id, who need not be the one who acts; without a tenant in the context it goes to the platform's log.
create or replace function users.record_event(
    p_action text, p_user_id uuid, p_outcome text, p_reason text, p_details jsonb)
returns void
language sql
set search_path = pg_catalog, pg_temp
as $$
    insert into audit.audit_events (
        tenant_id, actor_id, actor_type, actor_label, action, legacy_action, resource_type, resource_id, details,
        ip_address, user_agent, session_id, request_id, transaction_name, outcome, reason)
    select coalesce(c.tenant_id, '00000000-0000-0000-0000-000000000000'), c.actor_id, c.actor_type, c.actor_label,
           audit.canonical_action(p_action), p_action, 'users', p_user_id::text, p_details, c.ip_address, c.user_agent,
           c.session_id, c.request_id, c.transaction_name, p_outcome, p_reason
      from audit.context() c
$$;
