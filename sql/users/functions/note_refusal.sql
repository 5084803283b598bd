-- Records that a credential was refused, of the tenant in the context: once a minute for each network, action and reason,
-- with the number of attempts since the last one, and at most 60 a minute for a tenant; beyond that all networks count as
-- one. So nobody fills a firm's log by knocking (docs/adr/0013). p_attempts: how many the caller speaks of.
create or replace function users.note_refusal(
    p_action text, p_user_id uuid, p_reason text, p_attempts integer, p_details jsonb)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant text := platform.require_tenant()::text;
    v_now timestamptz := platform.request_time();
    v_network text := users.caller_network(jsonb_build_object('ip', host(audit.session_ip())));
    v_attempts integer;
begin
    v_attempts := users.refusal_due(concat_ws(' ', v_tenant, v_network, p_action, p_reason), p_attempts, v_now);
    if v_attempts > 0 and users.throttle('refusals', v_tenant, 60, interval '1 minute', v_now) > 0 then
        v_attempts := users.refusal_due(v_tenant, v_attempts, v_now);
    end if;
    if v_attempts > 0 then
        perform users.record_event(p_action, p_user_id, 'denied', p_reason,
            coalesce(p_details, '{}') || jsonb_build_object('attempts', v_attempts));
    end if;
end
$$;
