-- S0-96, as documented, nine parameters. What the caller leaves NULL comes from the request (C0-06); with a request the
-- actor is always the request's, because nobody may write the log in another person's name. C0-04: runs as the owner.
create or replace function audit.log_user_action(
    p_user_id uuid, p_action_type varchar, p_table_name varchar, p_record_id uuid, p_old_values jsonb,
    p_new_values jsonb, p_ip_address inet, p_user_agent text, p_session_id varchar)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v record;
    v_is_uuid boolean := p_session_id ~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$';
begin
    select * into v from audit.context();
    insert into audit.audit_events (
        tenant_id, actor_id, actor_type, actor_label, action, legacy_action, resource_type, resource_id, old_values,
        new_values, ip_address, user_agent, session_id, session_ref, request_id, transaction_name)
    values (
        coalesce(v.tenant_id, '00000000-0000-0000-0000-000000000000'),
        coalesce(v.actor_id, p_user_id),
        case when coalesce(v.actor_id, p_user_id) is not null then 'user' else v.actor_type end,
        v.actor_label, audit.canonical_action(p_action_type),
        left(p_action_type, 50), p_table_name, p_record_id::text, p_old_values, p_new_values,
        coalesce(p_ip_address, v.ip_address), coalesce(p_user_agent, v.user_agent),
        case when v_is_uuid then p_session_id::uuid else v.session_id end,
        case when not v_is_uuid then p_session_id end,
        v.request_id, v.transaction_name);
end
$$;
