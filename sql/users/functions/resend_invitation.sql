-- Sends an invitation again, with a new link and for as long as at first; the link before stops working. Whoever does
-- this answers for it from now on. Gives how many seconds to wait, when it was sent too often.
-- Raises WA404 (not_found), WA409 (state_conflict: accepted or revoked), WA403 (permission_denied: a role above one's own).
create or replace function users.resend_invitation(p_invitation_id uuid, p_link jsonb)
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_now timestamptz := platform.request_time();
    v_invitation users.invitations := users.hold_invitation(v_tenant, p_invitation_id);
    v_wait integer;
begin
    if v_invitation.accepted_at is not null then
        perform platform.fail('WA409', 'state_conflict', 'The invitation was accepted');
    elsif v_invitation.revoked_at is not null then
        perform platform.fail('WA409', 'state_conflict', 'The invitation was revoked: send a new one');
    elsif v_invitation.effective_to <= v_now then
        perform platform.fail('WA409', 'state_conflict', 'The time of its roles is over: send a new one');
    end if;
    perform users.check_invited_roles(to_jsonb(v_invitation.roles));
    v_wait := users.throttle('resend_invitation', p_invitation_id::text, 5, interval '1 hour', v_now);
    if v_wait > 0 then
        return v_wait;
    end if;
    update users.one_time_tokens t set used_at = v_now
     where t.token_hash = v_invitation.token_hash and t.used_at is null;
    update users.invitations i
       set token_hash = decode(p_link ->> 'token', 'hex'), expires_at = (p_link ->> 'expires_at')::timestamptz,
           sent_at = v_now, invited_by = platform.current_user_id(), version = i.version + 1
     where i.tenant_id = v_tenant and i.invitation_id = p_invitation_id
    returning i.* into v_invitation;
    perform users.send_invitation(v_invitation, p_link);
    perform users.record_event('INVITATION_SENT', null, 'success', 'again',
        jsonb_build_object('invitation_id', p_invitation_id, 'roles', v_invitation.roles));
    return 0;
end
$$;
