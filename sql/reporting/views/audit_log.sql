-- The audit log with the columns of seeds 0 and 3 (X-02).
create or replace view reporting.audit_log with (security_invoker = true) as
select e.event_id as audit_id, e.tenant_id, e.actor_id as user_id, coalesce(e.legacy_action, e.action) as action_type,
       e.resource_type as table_name,
       case when e.resource_id ~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then e.resource_id::uuid end as record_id,
       e.old_values, e.new_values, e.ip_address, e.user_agent, e.occurred_at as "timestamp",
       coalesce(e.session_ref, e.session_id::text) as session_id
  from audit.audit_events e;
