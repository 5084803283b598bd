-- Accepts an invitation as the person who is signed in, for the account they have: so somebody works for a second firm.
-- The link shows that they read the mail, and the address must be theirs. What is refused is recorded with the firm they
-- are signed in with, for the other one has no business with them yet.
-- outcome as users.accept_invitation, and other_address, directory_account.
create or replace function users.accept_own_invitation(p_token bytea)
returns table (outcome text, tenant_id uuid, firm text, user_id uuid)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_here uuid := platform.require_tenant();
    v_now timestamptz := platform.request_time();
    v_user users.users;
    v_invitation users.invitations;
    v_reason text;
begin
    select u.* into v_user from users.users u where u.user_id = platform.current_user_id();
    select t.bound_tenant_id into tenant_id from users.one_time_tokens t
     where t.token_hash = p_token and t.purpose = 'invitation';
    perform set_config('app.current_tenant_id', coalesce(tenant_id::text, ''), true);
    select i.* into v_invitation from users.invitations i
     where i.tenant_id = accept_own_invitation.tenant_id and i.token_hash = p_token for update;
    v_reason := users.invitation_refusal(v_invitation, v_now);
    outcome := case
        when v_reason is not null then 'one_time_token_invalid'
        when v_user.directory_tenant_id is not null then 'directory_account'
        when lower(v_user.email) is distinct from v_invitation.email then 'other_address'
        when exists (select from users.memberships m
                      where m.tenant_id = v_invitation.tenant_id and m.user_id = v_user.user_id
                        and m.status not in ('ended', 'invited')) then 'duplicate'
        when not exists (select from users.use_one_time_token(p_token, 'invitation')) then 'one_time_token_invalid' end;
    if outcome is not null then
        perform set_config('app.current_tenant_id', v_here::text, true);
        perform users.record_event('INVITATION_ACCEPTED', v_user.user_id, 'failure', coalesce(v_reason, outcome), null);
        tenant_id := null;
        return next;
        return;
    end if;
    user_id := v_user.user_id;
    outcome := 'joined';
    update users.users u set email_verified_at = v_now where u.user_id = v_user.user_id and u.email_verified_at is null;
    perform users.join_by_invitation(v_invitation, user_id);
    select t.name into firm from tenants.tenants t where t.tenant_id = accept_own_invitation.tenant_id;
    perform set_config('app.current_tenant_id', v_here::text, true);
    return next;
end
$$;
