-- Second round trip: uses the link up and makes its person a member. The mail has shown whose the address is; the password
-- of an account that is there was checked against the hash whose SHA-256 is p_person.seen, and somebody new comes with the
-- hash of a password of their own. Every refusal is recorded and none raises.
-- p_person: proven, seen, hash, first_name, last_name, issuer.
-- outcome: joined, created, or one_time_token_invalid, wrong_password, account_inactive, sign_in_elsewhere, duplicate,
-- state_conflict.
create or replace function users.accept_invitation(p_token bytea, p_person jsonb, p_caller jsonb)
returns table (outcome text, tenant_id uuid, firm text, user_id uuid)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := (p_caller ->> 'now')::timestamptz;
    v_invitation users.invitations;
    v_account record;
    v_reason text;
begin
    perform users.set_caller(null, null, 'anonymous', p_caller);
    select t.bound_tenant_id into tenant_id from users.one_time_tokens t
     where t.token_hash = p_token and t.purpose = 'invitation';
    perform users.set_caller(tenant_id, null, 'anonymous', p_caller);
    -- Two clicks take turns here, and the second finds it accepted.
    select i.* into v_invitation from users.invitations i
     where i.tenant_id = accept_invitation.tenant_id and i.token_hash = p_token for update;
    -- The lock of registrations: no account appears behind our back.
    perform pg_advisory_xact_lock(hashtextextended('register ' || coalesce(v_invitation.email, ''), 0));
    v_reason := users.invitation_refusal(v_invitation, v_now);
    select a.* into v_account from users.invited_account(v_invitation.email) a;
    outcome := case
        when v_reason is not null then 'one_time_token_invalid'
        when exists (select from users.memberships m join users.users u on u.user_id = m.user_id
                      where m.tenant_id = v_invitation.tenant_id and m.status not in ('ended', 'invited')
                        and lower(u.email) = v_invitation.email) then 'duplicate'
        when v_account.account = 'elsewhere' then 'sign_in_elsewhere'
        when v_account.account = 'password' and (not (p_person ->> 'proven')::boolean
             or encode(sha256(convert_to(v_account.hash, 'UTF8')), 'hex') is distinct from p_person ->> 'seen')
            then 'wrong_password'
        when not v_account.is_active then 'account_inactive'
        when v_account.account = 'new' and p_person ->> 'hash' is null then 'state_conflict'
        when not exists (select from users.use_one_time_token(p_token, 'invitation')) then 'one_time_token_invalid' end;
    if outcome is not null then
        perform users.record_event('INVITATION_ACCEPTED', null, 'failure', coalesce(v_reason, outcome),
            jsonb_build_object('invitation_id', v_invitation.invitation_id));
        tenant_id := null;
        return next;
        return;
    end if;
    user_id := v_account.user_id;
    outcome := case when v_account.account = 'new' then 'created' else 'joined' end;
    if v_account.account = 'new' then
        user_id := users.put_invited_account(v_account.user_id, p_person || jsonb_build_object(
            'email', v_invitation.email, 'verified_at', v_now));
    end if;
    perform users.set_caller(tenant_id, user_id,
        (select coalesce(u.display_name, u.email) from users.users u where u.user_id = accept_invitation.user_id), p_caller);
    if outcome = 'created' then
        perform users.record_event('REGISTER', user_id, 'success', 'invitation', null);
    end if;
    perform users.join_by_invitation(v_invitation, user_id);
    select t.name into firm from tenants.tenants t where t.tenant_id = accept_invitation.tenant_id;
    return next;
end
$$;
