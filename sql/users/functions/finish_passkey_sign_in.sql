-- The second half: spends the proof and says where the session is to be (users.sign_in_places; tenants: the choice of a
-- member of several). No row: it was refused, which is recorded.
create or replace function users.finish_passkey_sign_in(p_user_id uuid, p_tenant text, p_proof jsonb, p_caller jsonb)
returns table (standing text, tenant_id uuid, tenants jsonb)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_details jsonb := jsonb_build_object('method', 'webauthn', 'factor_id', p_proof ->> 'factor_id');
    v_refused text;
begin
    perform users.set_caller(null, null, null, p_caller);
    select p.standing, p.tenant_id, p.tenants into standing, tenant_id, tenants
      from users.sign_in_places(p_user_id, p_tenant) p;
    perform users.set_caller(tenant_id, p_user_id, (
        select coalesce(u.display_name, u.email) from users.users u where u.user_id = p_user_id), p_caller);
    v_refused := users.spend_proof(p_user_id, p_proof, platform.request_time());
    if v_refused is not null then
        perform users.record_event('MFA_CHALLENGE', p_user_id, 'failure', v_refused, v_details);
        return;
    end if;
    perform users.record_event('MFA_CHALLENGE', p_user_id, 'success', null, v_details);
    if standing <> 'active' then
        perform users.record_event('LOGIN', p_user_id, 'denied', standing, null);
    end if;
    return next;
end
$$;
