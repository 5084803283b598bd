-- Whether a tenant demands a second factor of a member when they sign in here: of everybody, or of those with a role.
create or replace function users.mfa_required(p_tenant_id uuid, p_user_id uuid, p_at timestamptz)
returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_policy users.auth_policies := users.policy_of(p_tenant_id);
begin
    return v_policy.mfa = 'required'
        or v_policy.mfa = 'optional' and cardinality(v_policy.mfa_roles) > 0
            and v_policy.mfa_roles && users.roles_held(p_tenant_id, p_user_id, p_at);
end
$$;
