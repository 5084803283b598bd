-- Asks for the release of a hold, with the reason. It holds until a second person releases it.
create or replace function audit.request_hold_release(
    p_hold_id uuid, p_reason text, p_by varchar, p_expected_version bigint default null)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_hold audit.legal_holds := audit.take_hold(p_hold_id, p_expected_version);
begin
    if v_hold.status <> 'active' then
        perform platform.fail('WA409', 'state_conflict', 'This hold is released, or its release is asked for');
    end if;
    update audit.legal_holds h
       set status = 'release_requested', release_reason = p_reason, release_requested_at = clock_timestamp(),
           release_requested_by = p_by, release_requested_by_user_id = platform.current_user_id(), version = h.version + 1
     where h.tenant_id = v_hold.tenant_id and h.hold_id = v_hold.hold_id;
    perform audit.write(v_hold.tenant_id, 'legal_hold.release_requested', 'LEGAL_HOLD_RELEASE_REQUESTED', 'legal_holds',
        p_hold_id::text, null, null, null, p_reason);
end
$$;
