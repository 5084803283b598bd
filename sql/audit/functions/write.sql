-- Appends one event with the request's context. Inner part of the other audit functions; runs as their owner.
create or replace function audit.write(
    p_tenant_id uuid, p_action text, p_legacy_action text, p_resource_type text, p_resource_id text,
    p_old jsonb, p_new jsonb, p_details jsonb default null, p_reason text default null)
returns void
language sql
set search_path = pg_catalog, pg_temp
as $$
    insert into audit.audit_events (
        tenant_id, actor_id, actor_type, actor_label, action, legacy_action, resource_type, resource_id, old_values,
        new_values, details, ip_address, user_agent, session_id, request_id, transaction_name, reason)
    select coalesce(p_tenant_id, c.tenant_id, '00000000-0000-0000-0000-000000000000'),
           c.actor_id, c.actor_type, c.actor_label, p_action, p_legacy_action, p_resource_type, p_resource_id,
           p_old, p_new, p_details, c.ip_address, c.user_agent, c.session_id, c.request_id, c.transaction_name, p_reason
      from audit.context() c
$$;
