-- The context of a call that comes without a credential (sign-in, refresh, recovery): what is known of the caller, and
-- whom it turns out to be. Inner part of the functions behind those calls. p_caller: now, request_id, ip, user_agent,
-- transaction.
create or replace function users.set_caller(p_tenant_id uuid, p_user_id uuid, p_label text, p_caller jsonb)
returns void
language sql
set search_path = pg_catalog, pg_temp
as $$
    select platform.set_context(
        p_tenant_id, p_user_id, p_label, null, null, (p_caller ->> 'now')::timestamptz,
        coalesce((select t.time_zone from tenants.tenants t where t.tenant_id = p_tenant_id), 'UTC'),
        (p_caller ->> 'request_id')::uuid, null, p_caller ->> 'ip', p_caller ->> 'user_agent', p_caller ->> 'transaction')
$$;
