-- First round trip of accepting an invitation by its link: whose it is and what the password that comes with it must be
-- checked or judged by. Ten looks a link where there is a password to guess. No row: the link does not work.
create or replace function users.invitation_facts(p_token bytea, p_caller jsonb)
returns table (account text, email text, firm text, hash text, min_length integer)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := (p_caller ->> 'now')::timestamptz;
    v_tenant uuid;
    v_invitation users.invitations;
begin
    perform users.set_caller(null, null, 'anonymous', p_caller);
    select t.bound_tenant_id into v_tenant from users.one_time_tokens t
     where t.token_hash = p_token and t.purpose = 'invitation' and t.used_at is null and t.expires_at > v_now;
    perform users.set_caller(v_tenant, null, 'anonymous', p_caller);
    select i.* into v_invitation from users.invitations i where i.tenant_id = v_tenant and i.token_hash = p_token;
    if users.invitation_refusal(v_invitation, v_now) is not null then
        return;
    end if;
    email := v_invitation.email;
    select t.name into firm from tenants.tenants t where t.tenant_id = v_tenant;
    min_length := users.min_password_length(users.policy_of(v_tenant));
    select a.account, case when a.account = 'password' then a.hash end into account, hash
      from users.invited_account(email) a;
    if account <> 'password' or exists (select from users.try_one_time_token(p_token, 'invitation', 10)) then
        return next;
    end if;
end
$$;
