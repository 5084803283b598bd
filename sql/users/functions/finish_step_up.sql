-- The second half: spends the proof and raises the session. No row: it was refused, which is recorded.
create or replace function users.finish_step_up(p_proof jsonb, p_methods text[])
returns table (
    assurance smallint, methods text[], authenticated_at timestamptz, roles text[], access_token_minutes integer)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user uuid := (users.own_session()).user_id;
    v_refused text := users.spend_proof(v_user, p_proof, platform.request_time());
    v_details jsonb := jsonb_build_object('method', p_proof ->> 'method', 'factor_id', p_proof ->> 'factor_id');
begin
    if v_refused is not null then
        perform users.record_event('STEP_UP', v_user, 'failure', v_refused, v_details);
        return;
    end if;
    perform users.mfa_give_back(v_user, p_proof ->> 'method');
    perform users.record_event('STEP_UP', v_user, 'success', null, v_details);
    return query select * from users.raise_session(2, p_methods);
end
$$;
