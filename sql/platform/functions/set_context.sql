-- Writes the transaction's settings. Inner part of begin_request and begin_job; nobody else may call it.
create or replace function platform.set_context(
    p_tenant_id uuid, p_user_id uuid, p_label text, p_role text, p_roles text, p_now timestamptz, p_time_zone text,
    p_request_id uuid, p_session_id uuid, p_client_ip text, p_user_agent text, p_transaction text,
    p_impersonator_id uuid default null)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    perform set_config('app.current_tenant_id', p_tenant_id::text, true),
            set_config('app.current_user_id', coalesce(p_user_id::text, ''), true),
            set_config('app.current_user_label', coalesce(p_label, ''), true),
            set_config('app.current_user_role', coalesce(p_role, ''), true),
            set_config('app.current_user_roles', coalesce(p_roles, ''), true),
            set_config('app.now', coalesce(p_now, now())::text, true),
            set_config('app.business_date', ((coalesce(p_now, now()) at time zone p_time_zone)::date)::text, true),
            set_config('app.request_id', coalesce(p_request_id::text, ''), true),
            set_config('app.session_id', coalesce(p_session_id::text, ''), true),
            set_config('app.client_ip', coalesce(p_client_ip, ''), true),
            set_config('app.user_agent', coalesce(left(p_user_agent, 1000), ''), true),
            set_config('app.transaction_name', coalesce(p_transaction, ''), true),
            set_config('app.impersonator_id', coalesce(p_impersonator_id::text, ''), true);
end
$$;
