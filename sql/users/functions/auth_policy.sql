-- How the request's tenant wants its people to sign in, as policy_of; version 0 before it is first set.
create or replace function users.auth_policy()
returns table (
    mfa text, mfa_roles text[], idle_timeout_minutes integer, absolute_lifetime_minutes integer,
    access_token_minutes integer, password_min_length integer, password_history integer, step_up_minutes integer,
    security_questions boolean, self_registration boolean, updated_at timestamptz, version bigint)
language sql stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select p.mfa, p.mfa_roles, p.idle_timeout_minutes, p.absolute_lifetime_minutes, p.access_token_minutes,
           p.password_min_length, p.password_history, p.step_up_minutes, p.security_questions, p.self_registration,
           s.updated_at, coalesce(s.version, 0)
      from platform.require_tenant() t, users.policy_of(t) p
      left join users.auth_policies s on s.tenant_id = p.tenant_id
$$;
