-- Second round trip: the address is the person's, for whoever chose the password also reads the mail. The link alone does
-- not do: a stranger may have registered with the address, and the owner's click must not hand them a verified account.
-- Gives verified or one_time_token_invalid.
create or replace function users.verify_email(p_token bytea, p_proven boolean, p_seen text, p_caller jsonb)
returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_token users.one_time_tokens;
    v_user users.users;
begin
    perform users.set_caller(null, null, 'anonymous', p_caller);
    select t.* into v_token from users.one_time_tokens t where t.token_hash = p_token and t.purpose = 'verify_email';
    select u.* into v_user from users.users u where u.user_id = v_token.user_id;
    perform users.set_caller(v_token.bound_tenant_id, v_user.user_id,
        coalesce(v_user.display_name, v_user.email, 'anonymous'), p_caller);
    if p_proven and v_user.is_active and lower(v_user.email) = lower(v_token.data ->> 'email')
       and exists (select from users.password_credentials c
                    where c.user_id = v_user.user_id and encode(sha256(convert_to(c.hash, 'UTF8')), 'hex') = p_seen)
       and exists (select from users.use_one_time_token(p_token, 'verify_email')) then
        update users.users u set email_verified_at = coalesce(u.email_verified_at, platform.request_time())
         where u.user_id = v_user.user_id;
        perform users.record_event('EMAIL_VERIFIED', v_user.user_id, 'success', null, null);
        return 'verified';
    end if;
    perform users.record_event('EMAIL_VERIFIED', v_user.user_id, 'failure',
        case when v_user.user_id is null then 'unknown_token'
             when p_proven or v_token.used_at is not null or v_token.attempts > 9
                  or v_token.expires_at <= platform.request_time() then 'token_spent'
             else 'wrong_password' end,
        null);
    return 'one_time_token_invalid';
end
$$;
