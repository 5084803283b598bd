-- Records that somebody looked at what is personal of others, and what for (S2-52). p_about: user_id of the one person, or
-- what was asked for; names and addresses in it are masked, as an erasure would not find them here. One's own is no event.
create or replace function audit.record_personal_access(p_about jsonb, p_purpose text)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v record;
begin
    if p_about ->> 'user_id' = platform.current_user_id()::text then
        return;
    end if;
    select * into v from audit.context();
    insert into audit.audit_events (
        tenant_id, actor_id, actor_type, actor_label, action, legacy_action, resource_type, resource_id, details,
        ip_address, user_agent, session_id, request_id, transaction_name, purpose)
    values (platform.require_tenant(), v.actor_id, v.actor_type, v.actor_label, 'pii.accessed', 'PII_ACCESSED', 'users',
        p_about ->> 'user_id',
        p_about || coalesce((select jsonb_object_agg(k, audit.masked(p_about ->> k))
                               from unnest('{email,q,user_name,external_id}'::text[]) k where p_about ->> k is not null), '{}')
        || jsonb_build_object('operation', v.transaction_name), v.ip_address, v.user_agent,
        v.session_id, v.request_id, v.transaction_name, p_purpose);
end
$$;
