-- Why an invitation cannot be accepted at this instant; null when it can be.
create or replace function users.invitation_refusal(p_invitation users.invitations, p_at timestamptz)
returns text
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select case
        when p_invitation.invitation_id is null then 'unknown_token'
        when p_invitation.accepted_at is not null then 'accepted_before'
        when p_invitation.revoked_at is not null then 'revoked'
        when p_invitation.expires_at <= p_at or p_invitation.effective_to <= p_at then 'expired'
        when not exists (select from tenants.tenants t
                          where t.tenant_id = p_invitation.tenant_id and t.status = 'active') then 'tenant_inactive'
        when not users.may_invite(p_invitation.tenant_id, p_invitation.invited_by, p_invitation.roles, p_at)
            then 'inviter_left'
        end
$$;
