-- First call of every transaction: finds the person behind a verified credential, checks that person, membership and
-- tenant are in good standing at this moment, and sets the context for row policies and audit until the transaction ends.
-- It works through a function because a pooler must not see SET (RDS Proxy pins the session), and it takes roles from
-- the verified credential; with p_check_grants each must also be granted here now, so that a revoked role dies at once.
-- The person is p_user_id for a token of our own or an API key, else whoever (p_issuer, p_subject) is linked to. A session
-- that was ended and an API key that was revoked die here too, before their tokens expire, without a further round trip.
-- p_before_enrolment is for operations that stay open to a session without the second factor that its firm demands.
-- Raises WA401 (unknown_identity, account_inactive, tenant_inactive, session_expired) and WA403 (role_revoked,
-- insufficient_aal).
create or replace function platform.begin_request(
    p_tenant_id uuid, p_issuer text, p_subject text, p_roles text[], p_check_grants boolean, p_now timestamptz,
    p_request_id uuid, p_session_id uuid, p_client_ip text, p_user_agent text, p_transaction text,
    p_user_id uuid default null, p_api_key_id uuid default null, p_impersonator_id uuid default null,
    p_before_enrolment boolean default false)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user record;
    v_now timestamptz := coalesce(p_now, now());
    v_assurance smallint;
    v_held text[];
    v_strongest text;
begin
    perform set_config('app.current_tenant_id', coalesce(p_tenant_id::text, ''), true);

    if p_user_id is not null then
        select u.user_id, u.is_active, coalesce(u.display_name, u.email) as label,
               m.status as membership, t.status as tenant, t.time_zone
          into v_user
          from users.users u
          left join users.memberships m on m.tenant_id = p_tenant_id and m.user_id = u.user_id
          left join tenants.tenants t on t.tenant_id = m.tenant_id
         where u.user_id = p_user_id;
    else
        select u.user_id, u.is_active, coalesce(u.display_name, u.email) as label,
               m.status as membership, t.status as tenant, t.time_zone
          into v_user
          from users.user_identities i
          join users.users u on u.user_id = i.user_id
          left join users.memberships m on m.tenant_id = p_tenant_id and m.user_id = u.user_id
          left join tenants.tenants t on t.tenant_id = m.tenant_id
         where i.issuer = p_issuer and i.subject = p_subject;
    end if;

    if not found or v_user.membership is null or v_user.membership = 'ended' then
        perform platform.fail('WA401', 'unknown_identity', 'This identity is not known here');
    elsif not v_user.is_active or v_user.membership <> 'active' then
        perform platform.fail('WA401', 'account_inactive', 'This account is not active');
    elsif v_user.tenant <> 'active' then
        perform platform.fail('WA401', 'tenant_inactive', 'This tenant is not active');
    end if;

    if p_session_id is not null or p_api_key_id is not null then
        v_assurance := users.check_credential(
            p_tenant_id, v_user.user_id, p_session_id, p_api_key_id, p_impersonator_id, v_now);
        if v_assurance < 2 and p_impersonator_id is null and not p_before_enrolment then
            perform users.check_enrolment(p_tenant_id, v_user.user_id, v_now);
        end if;
    end if;

    if p_check_grants then
        select array_agg(r.role_name::text) into v_held
          from users.user_roles r
         where r.tenant_id = p_tenant_id and r.user_id = v_user.user_id and r.origin <> 'oidc'
           and r.effective_from <= v_now and (r.effective_to is null or r.effective_to > v_now);
        if not coalesce(p_roles, '{}') <@ coalesce(v_held, '{}') then
            perform platform.fail('WA403', 'role_revoked', 'A role in this token is no longer granted');
        end if;
    end if;

    select r.role_name into v_strongest
      from users.roles r where r.role_name = any (p_roles) order by r.rank desc, r.role_name limit 1;

    -- The label goes into the log with whoever acts, and goes from it with them: it names nobody else.
    if p_impersonator_id is not null then
        select coalesce(u.display_name, u.email) || ' as ' || v_user.user_id into v_user.label
          from users.users u where u.user_id = p_impersonator_id;
    end if;
    perform platform.set_context(p_tenant_id, v_user.user_id, v_user.label, v_strongest,
        array_to_string(p_roles, ','), v_now, v_user.time_zone, p_request_id, p_session_id, p_client_ip,
        p_user_agent, p_transaction, p_impersonator_id);
end
$$;
