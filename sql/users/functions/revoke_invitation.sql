-- Takes an invitation back. One that was taken back already stays as it is.
-- Raises WA404 (not_found), WA409 (state_conflict: it was accepted).
create or replace function users.revoke_invitation(p_invitation_id uuid)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_invitation users.invitations := users.hold_invitation(v_tenant, p_invitation_id);
begin
    if v_invitation.accepted_at is not null then
        perform platform.fail('WA409', 'state_conflict', 'The invitation was accepted: remove the user instead');
    elsif v_invitation.revoked_at is null then
        perform users.close_invitation(v_tenant, p_invitation_id);
        perform users.record_event('INVITATION_REVOKED', null, 'success', null,
            jsonb_build_object('invitation_id', p_invitation_id));
    end if;
end
$$;
