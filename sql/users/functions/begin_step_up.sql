-- The first half of a step-up: counts the try and gives what the proof is checked with. A password is for people who have
-- no second factor, and is counted as one at sign-in.
create or replace function users.begin_step_up(p_method text, p_challenge_hash bytea, p_credential_id bytea)
returns table (wait integer, secrets jsonb, passkey jsonb)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user uuid := (users.own_session()).user_id;
    v_email text := (select lower(u.email) from users.users u where u.user_id = v_user);
begin
    if p_method = 'password' and users.mfa_methods(v_user) <> '{}' then
        wait := 0;
        secrets := '{"refused": "has_factor"}';
        perform users.record_event('STEP_UP', v_user, 'denied', 'has_factor', jsonb_build_object('method', p_method));
        return next;
        return;
    end if;
    wait := case p_method
        when 'password' then users.sign_in_wait(v_email, users.own_network(), platform.request_time())
        else users.mfa_allowance(v_user, p_method, platform.request_time()) end;
    if wait > 0 then
        perform users.record_event('STEP_UP', v_user, 'denied', 'too_many_attempts',
            jsonb_build_object('method', p_method));
    elsif p_method = 'totp' then
        secrets := users.mfa_secrets(v_user);
    elsif p_method = 'webauthn' then
        passkey := users.passkey_for(v_user, p_challenge_hash, p_credential_id);
    elsif p_method = 'password' then
        select jsonb_build_object('hash', c.hash) into secrets
          from users.password_credentials c where c.user_id = v_user;
    end if;
    return next;
end
$$;
