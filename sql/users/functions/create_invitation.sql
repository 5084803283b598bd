-- Invites an address to become a user of the tenant. Whether it has an account anywhere makes no difference and is not
-- said: it is found out by whoever reads the mail. The same invitation asked for again is the one that waits, without
-- another mail; one that can no longer be accepted makes room.
-- p_invitation: email, roles, effective_from, effective_to, message. p_link as users.send_invitation has it.
-- created: whether it is a new one; retry_after: seconds to wait, when too many were sent.
-- Raises WA422 (unknown_role, in_the_past, date_range_invalid), WA403 (permission_denied: a role above one's own), WA409
-- (duplicate: a user has this address, or another invitation waits for it).
create or replace function users.create_invitation(p_invitation_id uuid, p_invitation jsonb, p_link jsonb)
returns table (created boolean, retry_after integer)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_now timestamptz := platform.request_time();
    v_email text := p_invitation ->> 'email';
    v_roles text[] := array(select r from jsonb_array_elements_text(p_invitation -> 'roles') r order by r);
    v_from timestamptz := (p_invitation ->> 'effective_from')::timestamptz;
    v_to timestamptz := (p_invitation ->> 'effective_to')::timestamptz;
    v_waiting users.invitations;
    v_made users.invitations;
begin
    perform users.check_invited_roles(p_invitation -> 'roles');
    if v_from < v_now then
        perform platform.fail('WA422', 'in_the_past', 'A grant cannot begin in the past', '/effective_from');
    elsif v_to <= coalesce(v_from, v_now) then
        perform platform.fail('WA422', 'date_range_invalid', 'must be in the future and after effective_from',
            '/effective_to');
    end if;
    perform pg_advisory_xact_lock(hashtextextended('invite ' || v_tenant::text || ' ' || v_email, 0));
    if exists (select from users.memberships m join users.users u on u.user_id = m.user_id
                where m.tenant_id = v_tenant and m.status <> 'ended' and lower(u.email) = v_email) then
        perform platform.fail('WA409', 'duplicate', 'A user of the firm has this address already', '/email');
    end if;
    select i.* into v_waiting from users.invitations i
     where i.tenant_id = v_tenant and lower(i.email) = v_email and i.accepted_at is null and i.revoked_at is null;
    if found and users.invitation_refusal(v_waiting, v_now) is not null then
        perform users.close_invitation(v_tenant, v_waiting.invitation_id);
    elsif found then
        if (v_waiting.roles, v_waiting.effective_from, v_waiting.effective_to, v_waiting.message)
           is distinct from (v_roles, v_from, v_to, p_invitation ->> 'message') then
            perform platform.fail('WA409', 'duplicate',
                'Another invitation waits for this address: send it again, or revoke it', '/email');
        end if;
        created := false;
        retry_after := 0;
        return next;
        return;
    end if;
    retry_after := users.throttle('invite', v_tenant::text, 200, interval '1 hour', v_now);
    created := retry_after = 0;
    if created then
        insert into users.invitations (
            tenant_id, invitation_id, email, roles, effective_from, effective_to, message, invited_by, token_hash,
            created_at, sent_at, expires_at)
        values (v_tenant, p_invitation_id, v_email, v_roles, v_from, v_to, p_invitation ->> 'message',
                platform.current_user_id(), decode(p_link ->> 'token', 'hex'), v_now, v_now,
                (p_link ->> 'expires_at')::timestamptz)
        returning * into v_made;
        perform users.send_invitation(v_made, p_link);
        perform users.record_event('INVITATION_SENT', null, 'success', null,
            jsonb_build_object('invitation_id', p_invitation_id, 'roles', v_roles));
    end if;
    return next;
end
$$;
