-- The second half: spends the proof and raises the session. No row: it was refused, which is recorded. A password makes the
-- sign-in fresh and no stronger, whatever the session was worth before.
create or replace function users.finish_step_up(p_proof jsonb, p_methods text[])
returns table (
    assurance smallint, methods text[], authenticated_at timestamptz, roles text[], access_token_minutes integer)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user uuid := (users.own_session()).user_id;
    v_password boolean := p_proof ->> 'method' = 'password';
    v_refused text := case when v_password then users.password_refusal(v_user, p_proof)
                           else users.spend_proof(v_user, p_proof, platform.request_time()) end;
    v_details jsonb := jsonb_build_object('method', p_proof ->> 'method', 'factor_id', p_proof ->> 'factor_id');
begin
    if v_refused is not null then
        perform users.record_event('STEP_UP', v_user, 'failure', v_refused, v_details);
        return;
    end if;
    if v_password then
        perform users.forgive('sign_in_account', users.own_network() || ' ' || lower(u.email), true)
           from users.users u where u.user_id = v_user;
        perform users.forgive('sign_in_network', users.own_network(), false);
    else
        perform users.mfa_give_back(v_user, p_proof ->> 'method');
    end if;
    perform users.record_event('STEP_UP', v_user, 'success', null, v_details);
    return query select * from users.raise_session(case when v_password then 1 else 2 end, p_methods);
end
$$;
