-- The second person's word on a release that was asked for: never that of who asked for it (WA403 self_approval). A no
-- may come from either and leaves the hold as it was.
create or replace function audit.decide_hold_release(
    p_hold_id uuid, p_release boolean, p_by varchar, p_note text, p_expected_version bigint default null)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user uuid := platform.current_user_id();
    v_hold audit.legal_holds := audit.take_hold(p_hold_id, p_expected_version);
begin
    if v_hold.status <> 'release_requested' then
        perform platform.fail('WA409', 'state_conflict', 'Nobody has asked for the release of this hold');
    elsif p_release and (v_user is null or v_user is not distinct from v_hold.release_requested_by_user_id) then
        perform platform.fail('WA403', 'self_approval', 'The release of a hold needs a second person');
    end if;
    update audit.legal_holds h
       set status = case when p_release then 'released' else 'active' end,
           release_reason = case when p_release then h.release_reason end,
           release_requested_at = case when p_release then h.release_requested_at end,
           release_requested_by = case when p_release then h.release_requested_by end,
           release_requested_by_user_id = case when p_release then h.release_requested_by_user_id end,
           released_at = case when p_release then clock_timestamp() end, released_by = case when p_release then p_by end,
           released_by_user_id = case when p_release then v_user end, version = h.version + 1
     where h.tenant_id = v_hold.tenant_id and h.hold_id = v_hold.hold_id;
    perform audit.write(v_hold.tenant_id, case when p_release then 'legal_hold.released' else 'legal_hold.release_refused' end,
        case when p_release then 'LEGAL_HOLD_RELEASED' else 'LEGAL_HOLD_RELEASE_REFUSED' end, 'legal_holds',
        p_hold_id::text, null, null, jsonb_build_object('asked_by', v_hold.release_requested_by_user_id,
            'asked_because', v_hold.release_reason), p_note);
end
$$;
