-- audit.get: one event, if the reader may see it. $1 event_id uuid
select e.event_id, e.tenant_id, e.occurred_at, e.recorded_at, e.actor_id, e.actor_type, e.actor_label, e.action,
       e.legacy_action::text, e.resource_type, e.resource_id, e.old_values::text, e.new_values::text, e.details::text,
       abbrev(e.ip_address) as ip_address, e.user_agent, e.session_id, e.session_ref, e.request_id, e.transaction_name,
       e.outcome, e.reason, e.purpose, e.salt, e.actor_commitment, e.content_commitment, e.actor_key, e.content_key, e.erasures
  from audit.audit_events e
 where e.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and e.event_id = $1::uuid
