-- The second half: spends the proof, uses the token of the first step up, and gives whom the session is for. No row: it was
-- refused, which is recorded. See users.spend_proof for p_proof.
create or replace function users.finish_second_step(p_token_hash bytea, p_proof jsonb, p_caller jsonb)
returns table (tenant_id uuid, user_id uuid, data jsonb)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_token users.one_time_tokens;
    v_refused text;
    v_details jsonb := jsonb_build_object('method', p_proof ->> 'method', 'factor_id', p_proof ->> 'factor_id');
begin
    perform users.set_caller(null, null, null, p_caller);
    select t.* into v_token from users.one_time_tokens t
     where t.token_hash = p_token_hash and t.purpose = 'mfa' and t.used_at is null
       and t.expires_at > platform.request_time()
       for update;
    if not found then
        return;
    end if;
    perform users.set_caller(v_token.bound_tenant_id, v_token.user_id, (
        select coalesce(u.display_name, u.email) from users.users u where u.user_id = v_token.user_id), p_caller);
    v_refused := users.spend_proof(v_token.user_id, p_proof, platform.request_time());
    if v_refused is not null then
        perform users.record_event('MFA_CHALLENGE', v_token.user_id, 'failure', v_refused, v_details);
        return;
    end if;
    perform users.use_one_time_token(p_token_hash, 'mfa');
    perform users.mfa_give_back(v_token.user_id, p_proof ->> 'method');
    perform users.record_event('MFA_CHALLENGE', v_token.user_id, 'success', null, v_details);
    return query select v_token.bound_tenant_id, v_token.user_id, v_token.data;
end
$$;
