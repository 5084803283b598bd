-- The first half of a step-up: counts the try and gives what the proof is checked with.
create or replace function users.begin_step_up(p_method text, p_challenge_hash bytea, p_credential_id bytea)
returns table (wait integer, secrets jsonb, passkey jsonb)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user uuid := (users.own_session()).user_id;
begin
    wait := users.mfa_allowance(v_user, p_method, platform.request_time());
    if wait > 0 then
        perform users.record_event('STEP_UP', v_user, 'denied', 'too_many_attempts',
            jsonb_build_object('method', p_method));
    elsif p_method = 'totp' then
        secrets := users.mfa_secrets(v_user);
    elsif p_method = 'webauthn' then
        passkey := users.passkey_for(v_user, p_challenge_hash, p_credential_id);
    end if;
    return next;
end
$$;
