-- Puts the mail of an invitation into the queue with a link of its own, in the place of the link before.
-- p_link: token (hash in hex), sealed (hex), expires_at. Inner part of create_invitation and resend_invitation.
create or replace function users.send_invitation(p_invitation users.invitations, p_link jsonb)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    perform users.make_one_time_token(decode(p_link ->> 'token', 'hex'), 'invitation', null, p_invitation.tenant_id,
        jsonb_build_object('invitation_id', p_invitation.invitation_id), (p_link ->> 'expires_at')::timestamptz);
    perform users.queue_mail('invitation', p_invitation.email, jsonb_strip_nulls(jsonb_build_object(
            'firm', (select t.name from tenants.tenants t where t.tenant_id = p_invitation.tenant_id),
            'inviter', (select coalesce(u.display_name, u.email) from users.users u
                         where u.user_id = p_invitation.invited_by),
            'message', p_invitation.message)),
        decode(p_link ->> 'sealed', 'hex'));
end
$$;
