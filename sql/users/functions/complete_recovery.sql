-- Second round trip: uses the link up, sets the password, ends every session of the person and says so by mail. Whoever
-- reads the mail owns the address, so it is verified by this too. Refused for want of a right answer, the link stays.
-- Gives recovered or one_time_token_invalid.
create or replace function users.complete_recovery(p_token bytea, p_hash text, p_refused text, p_caller jsonb)
returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_token users.one_time_tokens;
    v_user users.users;
    v_rules record;
begin
    perform users.set_caller(null, null, 'anonymous', p_caller);
    select t.* into v_token from users.one_time_tokens t where t.token_hash = p_token and t.purpose = 'recover';
    select u.* into v_user from users.users u where u.user_id = v_token.user_id;
    perform users.set_caller(v_token.bound_tenant_id, v_user.user_id,
        coalesce(v_user.display_name, v_user.email, 'anonymous'), p_caller);
    if p_refused is null and v_user.is_active and lower(v_user.email) = lower(v_token.data ->> 'email')
       and exists (select from users.use_one_time_token(p_token, 'recover')) then
        select r.* into v_rules from users.password_rules(v_user.user_id) r;
        perform users.set_password(v_user.user_id, p_hash, v_rules.history);
        update users.users u set email_verified_at = platform.request_time()
         where u.user_id = v_user.user_id and u.email_verified_at is null;
        perform users.end_sessions(v_user.user_id, null, 'password_recovered');
        perform users.queue_mail('password_changed', v_user.email, users.mail_facts(v_token.bound_tenant_id, v_user), null);
        perform users.record_event('PASSWORD_RECOVERED', v_user.user_id, 'success', null, null);
        return 'recovered';
    end if;
    perform users.record_event('PASSWORD_RECOVERED', v_user.user_id, 'failure',
        case when v_user.user_id is null then 'unknown_token' else coalesce(p_refused, 'token_spent') end, null);
    return 'one_time_token_invalid';
end
$$;
