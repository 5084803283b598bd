-- Makes a person of the platform's own store a member with the roles of an invitation, and closes the invitation. Inner
-- part of both ways to accept one, which have recognised the person and hold the invitation; the tenant is in the context.
create or replace function users.join_by_invitation(p_invitation users.invitations, p_user_id uuid)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := platform.request_time();
    v_inviter text := (select left(coalesce(u.display_name, u.email), 255) from users.users u
                        where u.user_id = p_invitation.invited_by);
begin
    insert into users.memberships as m (tenant_id, user_id, origin)
    values (p_invitation.tenant_id, p_user_id, 'invitation')
    on conflict (tenant_id, user_id) do update
       set status = 'active', origin = 'invitation', ended_at = null, updated_at = now(), version = m.version + 1;
    insert into users.user_roles (
        tenant_id, user_id, role_name, origin, effective_from, effective_to, assigned_at, assigned_by, reason)
    select p_invitation.tenant_id, p_user_id, r, 'manual', greatest(p_invitation.effective_from, v_now),
           p_invitation.effective_to, v_now, v_inviter, 'invitation'
      from unnest(p_invitation.roles) r;
    update users.invitations i set accepted_at = v_now, accepted_by = p_user_id, version = i.version + 1
     where i.tenant_id = p_invitation.tenant_id and i.invitation_id = p_invitation.invitation_id;
    perform users.record_event('INVITATION_ACCEPTED', p_user_id, 'success', null,
        jsonb_build_object('invitation_id', p_invitation.invitation_id, 'roles', p_invitation.roles));
end
$$;
