-- S3-53: second round trip of a sign-in, which decides and records it. The password was checked by then (p_proven) against
-- the hash whose SHA-256 is in p_attempt; if another has taken its place meanwhile, it was not proven. Whether account and
-- tenant are active is said to nobody but the person: only after the password (S4-19, S4-74).
-- p_attempt: seen, rehash, mfa_token, mfa_expires_at (hashes in hex). p_session as users.open_session has it, and the
-- tenant_id that its refresh token names.
-- outcome: opened, mfa_required, tenant_required, or the code of a refusal. All of them are audited and none raises, for a
-- refusal must be committed too.
create or replace function users.sp_authenticate_user(
    p_email text, p_tenant text, p_proven boolean, p_attempt jsonb, p_session jsonb, p_caller jsonb)
returns table (
    outcome text, tenant_id uuid, user_id uuid, roles text[], access_token_minutes integer, expires_at timestamptz,
    tenants jsonb, methods text[])
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user users.users;
    v_hash users.password_credentials;
    v_place record;
    v_reason text;
begin
    select u.* into v_user from users.password_account(p_email, p_tenant) u;
    user_id := v_user.user_id;
    select c.* into v_hash from users.password_credentials c where c.user_id = v_user.user_id for update;
    select p.* into v_place from users.sign_in_places(v_user.user_id, p_tenant) p;
    tenant_id := v_place.tenant_id;
    perform users.set_caller(case when user_id is not null then tenant_id end, user_id,
        coalesce(v_user.display_name, v_user.email, 'anonymous'), p_caller);

    v_reason := case
        when user_id is null then 'unknown_account'
        when v_hash.hash is null then 'no_password'
        when not p_proven then 'wrong_password'
        when encode(sha256(convert_to(v_hash.hash, 'UTF8')), 'hex') is distinct from p_attempt ->> 'seen'
            then 'password_changed' end;
    if v_reason is not null then
        outcome := 'invalid_credentials';
        perform users.record_event('LOGIN', user_id, 'failure', v_reason, case when user_id is null then
            jsonb_build_object('email_sha256', encode(sha256(convert_to(p_email, 'UTF8')), 'hex')) end);
        return next;
        return;
    end if;

    perform users.forgive('sign_in_account', users.caller_network(p_caller) || ' ' || p_email, true);
    perform users.forgive('sign_in_network', users.caller_network(p_caller), false);
    if p_attempt ->> 'rehash' is not null then
        update users.password_credentials c set hash = p_attempt ->> 'rehash', version = c.version + 1
         where c.user_id = v_user.user_id;
        perform users.record_event('PASSWORD_REHASHED', user_id, 'success', null,
            jsonb_build_object('from', split_part(v_hash.hash, '$', 2), 'to', split_part(p_attempt ->> 'rehash', '$', 2)));
    end if;

    outcome := case
        when not v_user.is_active then 'account_inactive'
        -- For the people of its directory the firm answers.
        when v_user.email_verified_at is null and v_user.directory_tenant_id is null then 'email_not_verified'
        when v_hash.must_change then 'password_change_required'
        when v_place.standing = 'active' and tenant_id::text is distinct from p_session ->> 'tenant_id'
            then 'state_conflict'  -- joined or left a firm since the first round trip
        else v_place.standing end;
    if outcome <> 'active' then
        tenants := v_place.tenants;
        perform users.record_event('LOGIN', user_id, 'denied', outcome, null);
        return next;
        return;
    end if;

    -- Whoever has a factor owes it. Who has none gets a session that can do no more than enrol one, where the firm demands
    -- it (users.check_enrolment).
    methods := case when (users.policy_of(tenant_id)).mfa <> 'off' then users.mfa_methods(user_id) end;
    if cardinality(methods) > 0 then
        outcome := 'mfa_required';
        perform users.make_one_time_token(decode(p_attempt ->> 'mfa_token', 'hex'), 'mfa', user_id, tenant_id,
            jsonb_build_object('device', p_session -> 'device', 'methods', p_session -> 'methods', 'factors', methods),
            (p_attempt ->> 'mfa_expires_at')::timestamptz);
        perform users.record_event('MFA_CHALLENGE', user_id, 'success', null, jsonb_build_object('factors', methods));
        return next;
        return;
    end if;
    outcome := 'opened';
    select o.roles, o.access_token_minutes, o.expires_at into roles, access_token_minutes, expires_at
      from users.open_session(tenant_id, user_id, p_session, p_caller) o;
    return next;
end
$$;
