-- The audit log with the columns of seeds 1 and 4 (X-02).
create or replace view reporting.audit_logs with (security_invoker = true) as
select e.event_id as log_id, e.event_id::text as id, e.tenant_id, e.actor_id as user_id, e.action, e.resource_type,
       e.resource_id, e.resource_type as resource, coalesce(e.details, e.new_values) as details,
       host(e.ip_address) as ip_address, e.user_agent, e.occurred_at as "timestamp", e.occurred_at as created_at
  from audit.audit_events e;
