-- Sets how the tenant wants its people to sign in: all of it. Expecting version 0 means that it was never set. Returns the
-- version. Raises WA412 (version_conflict), WA422 (validation_failed: a role that does not exist).
create or replace function users.put_auth_policy(p_policy jsonb, p_expected_version bigint)
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_version bigint;
    v_unknown bigint;
begin
    -- Two first policies take turns.
    perform pg_advisory_xact_lock(hashtextextended('auth policy ' || v_tenant::text, 0));
    select p.version into v_version from users.auth_policies p where p.tenant_id = v_tenant;
    if p_expected_version is not null and coalesce(v_version, 0) <> p_expected_version then
        perform platform.fail('WA412', 'version_conflict', 'The policy was changed meanwhile');
    end if;
    select min(r.place) - 1 into v_unknown
      from jsonb_array_elements_text(p_policy -> 'mfa_roles') with ordinality as r(name, place)
     where not exists (select from users.roles known where known.role_name = r.name);
    if v_unknown is not null then
        perform platform.fail('WA422', 'validation_failed', 'must be the name of a role', '/mfa_roles/' || v_unknown);
    end if;
    insert into users.auth_policies as p (
        tenant_id, mfa, mfa_roles, idle_timeout_minutes, absolute_lifetime_minutes, access_token_minutes,
        password_min_length, password_history, step_up_minutes, security_questions, self_registration, created_at,
        updated_at)
    select v_tenant, n.mfa, n.mfa_roles, n.idle_timeout_minutes, n.absolute_lifetime_minutes, n.access_token_minutes,
           n.password_min_length, n.password_history, n.step_up_minutes, n.security_questions, n.self_registration,
           platform.request_time(), platform.request_time()
      from jsonb_to_record(p_policy) as n(
        mfa text, mfa_roles text[], idle_timeout_minutes integer, absolute_lifetime_minutes integer,
        access_token_minutes integer, password_min_length integer, password_history integer, step_up_minutes integer,
        security_questions boolean, self_registration boolean)
    on conflict (tenant_id) do update
       set mfa = excluded.mfa, mfa_roles = excluded.mfa_roles, idle_timeout_minutes = excluded.idle_timeout_minutes,
           absolute_lifetime_minutes = excluded.absolute_lifetime_minutes,
           access_token_minutes = excluded.access_token_minutes, password_min_length = excluded.password_min_length,
           password_history = excluded.password_history, step_up_minutes = excluded.step_up_minutes,
           security_questions = excluded.security_questions, self_registration = excluded.self_registration,
           updated_at = excluded.updated_at, version = p.version + 1
    returning p.version into v_version;
    return v_version;
end
$$;
