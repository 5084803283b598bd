-- Another verification (p_purpose verify_email) or the way back into an account (recover), for whoever asks with an
-- address. An address that has no account, or needs no such mail, costs the same rows; nothing is sent then, and no more
-- than five an hour are sent to anybody. Gives how many seconds the network must wait.
create or replace function users.send_link(p_purpose text, p_email text, p_link jsonb, p_caller jsonb)
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := (p_caller ->> 'now')::timestamptz;
    v_action text := case p_purpose when 'recover' then 'RECOVERY_REQUESTED' else 'VERIFICATION_REQUESTED' end;
    v_wait integer;
    v_enough boolean;
    v_user users.users;
    v_tenant uuid;
    v_reason text;
begin
    perform users.set_caller(null, null, 'anonymous', p_caller);
    v_wait := users.throttle('send_link', users.caller_network(p_caller), 20, interval '1 hour', v_now);
    if v_wait > 0 then
        perform users.record_event(v_action, null, 'denied', 'rate_limited', null);
        return v_wait;
    end if;
    v_enough := users.throttle(p_purpose, p_email, 5, interval '1 hour', v_now) > 0;
    select u.* into v_user from users.local_account(p_email) u;
    v_reason := case
        when v_user.user_id is null then 'unknown_account'
        when not v_user.is_active then 'account_inactive'
        when not exists (select from users.password_credentials c where c.user_id = v_user.user_id) then 'no_password'
        when p_purpose = 'verify_email' and v_user.email_verified_at is not null then 'already_verified'
        when v_enough then 'rate_limited' end;
    -- Recorded where the person belongs, if that is one place.
    select case when count(*) = 1 then (array_agg(m.tenant_id))[1] end into v_tenant
      from users.memberships m where m.user_id = v_user.user_id and m.status <> 'ended';
    perform users.set_caller(v_tenant, v_user.user_id, coalesce(v_user.display_name, v_user.email, 'anonymous'), p_caller);
    update users.one_time_tokens t set used_at = v_now
     where t.user_id = v_user.user_id and t.purpose = p_purpose and t.used_at is null and v_reason is null;
    perform users.make_one_time_token(decode(p_link ->> 'token', 'hex'),
        case when v_reason is null then p_purpose else 'void' end,
        case when v_reason is null then v_user.user_id end, v_tenant, jsonb_build_object('email', v_user.email),
        case when v_reason is null then (p_link ->> 'expires_at')::timestamptz else v_now end);
    perform users.queue_mail(case when v_reason is null then p_purpose else 'void' end,
        case when v_reason is null then v_user.email end, users.mail_facts(v_tenant, v_user),
        decode(p_link ->> 'sealed', 'hex'));
    perform users.record_event(v_action, v_user.user_id, case when v_reason is null then 'success' else 'failure' end,
        v_reason, null);
    return 0;
end
$$;
