-- What a token of a tenant's Cognito pool shall say of its person: the tenant, and the roles that the groups give by the
-- mapping (role_source claims) or that are granted here (grants); never more. Outcomes without claims: unknown_person,
-- other_client (an application whose tokens the tenant does not take). Refused: unknown_pool, tenant_inactive,
-- account_inactive. p_signs_in: no mere renewal of a token.
create or replace function users.cognito_claims(
    p_issuer text, p_client_id text, p_subject text, p_groups text[], p_signs_in boolean, p_caller jsonb)
returns table (outcome text, tenant_id uuid, roles text[])
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_pool users.identity_providers := users.cognito_pool(p_issuer, p_client_id);
    v_user record;
    v_details jsonb := jsonb_build_object('issuer', p_issuer);
begin
    outcome := case when v_pool.tenant_id is null then 'unknown_pool'
                    when not exists (select from tenants.tenants t
                                      where t.tenant_id = v_pool.tenant_id and t.status = 'active')
                    then 'tenant_inactive' end;
    if outcome is not null then
        return next;
        return;
    end if;
    perform users.set_caller(v_pool.tenant_id, null, 'cognito', p_caller);
    if not exists (select from users.user_identities i where i.issuer = p_issuer and i.subject = p_subject) then
        perform users.link_provisioned(v_pool.tenant_id, p_issuer, p_subject, p_subject);
    end if;
    select m.user_id, m.status = 'active' and u.is_active as active into v_user
      from users.user_identities i
      join users.users u on u.user_id = i.user_id
      join users.memberships m on m.tenant_id = v_pool.tenant_id and m.user_id = i.user_id
     where i.issuer = p_issuer and i.subject = p_subject;
    if not found then
        outcome := 'unknown_person';
        return next;
        return;
    elsif not v_user.active then
        perform users.record_event('LOGIN', v_user.user_id, 'denied', 'account_inactive', v_details);
        outcome := 'account_inactive';
        return next;
        return;
    elsif not coalesce(p_client_id = any (v_pool.audience), false) then
        outcome := 'other_client';
        return next;
        return;
    end if;
    if p_signs_in then
        update users.users u set last_login = platform.request_time() where u.user_id = v_user.user_id;
        perform users.record_event('LOGIN', v_user.user_id, 'success', null, v_details);
    end if;
    if v_pool.role_source = 'claims' then
        perform users.put_token_grants(v_pool.tenant_id, v_user.user_id, p_issuer, p_groups, platform.request_time());
    end if;
    outcome := 'known';
    tenant_id := v_pool.tenant_id;
    roles := case when v_pool.role_source = 'claims'
                  then array(select distinct t.role_name from users.token_roles(v_pool.tenant_id, p_issuer, p_groups) t
                              order by t.role_name)
                  else users.roles_held(v_pool.tenant_id, v_user.user_id, platform.request_time()) end;
    return next;
end
$$;
