-- The first half of a sign-in's second step: counts the try against the token of the first step (p_token_hash, five at most)
-- and against the person's allowance, and gives what the proof is checked with. No row: the token is of no use. Committed
-- whatever comes of it.
create or replace function users.begin_second_step(
    p_token_hash bytea, p_method text, p_challenge_hash bytea, p_credential_id bytea, p_caller jsonb)
returns table (wait integer, user_id uuid, secrets jsonb, passkey jsonb)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_token users.one_time_tokens;
begin
    perform users.set_caller(null, null, null, p_caller);
    select * into v_token from users.try_one_time_token(p_token_hash, 'mfa', 5);
    if not found then
        return;
    end if;
    wait := users.mfa_allowance(v_token.user_id, p_method, platform.request_time());
    user_id := v_token.user_id;
    if wait > 0 then
        perform users.set_caller(v_token.bound_tenant_id, v_token.user_id, null, p_caller);
        perform users.record_event('MFA_CHALLENGE', v_token.user_id, 'denied', 'too_many_attempts',
            jsonb_build_object('method', p_method));
    elsif p_method = 'totp' then
        secrets := users.mfa_secrets(v_token.user_id);
    elsif p_method = 'webauthn' then
        passkey := users.passkey_for(v_token.user_id, p_challenge_hash, p_credential_id);
    end if;
    return next;
end
$$;
