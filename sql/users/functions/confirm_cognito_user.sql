-- Somebody has confirmed a sign-up or a new password in a tenant's Cognito pool: makes the person and the membership, without
-- any role, or links who was provisioned before. Known by (issuer, subject): again it changes nothing. p_person: email,
-- email_verified, first_name, last_name, display_name. Gives created, linked, known, elsewhere (another firm's person),
-- unknown_pool or tenant_inactive.
create or replace function users.confirm_cognito_user(
    p_issuer text, p_client_id text, p_subject text, p_user_id uuid, p_person jsonb, p_caller jsonb)
returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := (users.cognito_pool(p_issuer, p_client_id)).tenant_id;
    v_email text := p_person ->> 'email';
    v_user uuid;
begin
    if v_tenant is null then
        return 'unknown_pool';
    elsif not exists (select from tenants.tenants t where t.tenant_id = v_tenant and t.status = 'active') then
        return 'tenant_inactive';
    end if;
    perform users.set_caller(v_tenant, null, 'cognito', p_caller);
    perform pg_advisory_xact_lock(hashtextextended('sign-in ' || p_issuer || ' ' || p_subject, 0));
    select i.user_id into v_user from users.user_identities i where i.issuer = p_issuer and i.subject = p_subject;
    if found then
        return case when exists (select from users.memberships m where m.tenant_id = v_tenant and m.user_id = v_user)
                    then 'known' else 'elsewhere' end;
    elsif users.link_provisioned(v_tenant, p_issuer, p_subject, p_subject) is not null then
        return 'linked';
    end if;
    -- An address is no proof of who somebody is: whoever has it already keeps it, and stays another person.
    perform pg_advisory_xact_lock(hashtextextended('address ' || v_tenant::text || lower(v_email), 0));
    if exists (select from users.users u where u.directory_tenant_id = v_tenant and lower(u.email) = lower(v_email)) then
        v_email := null;
    end if;
    insert into users.users (
        user_id, email, email_verified_at, first_name, last_name, display_name, directory_tenant_id)
    values (p_user_id, users.scim_person_email(p_user_id, v_email),
            case when v_email is not null and p_person ->> 'email_verified' = 'true' then platform.request_time() end,
            left(p_person ->> 'first_name', 100), left(p_person ->> 'last_name', 100),
            left(p_person ->> 'display_name', 255), v_tenant);
    insert into users.memberships (tenant_id, user_id, origin) values (v_tenant, p_user_id, 'oidc');
    perform users.put_identity(v_tenant, p_user_id, gen_random_uuid(), p_issuer, p_subject);
    perform users.record_event('REGISTER', p_user_id, 'success', null, jsonb_build_object('issuer', p_issuer));
    return 'created';
end
$$;
