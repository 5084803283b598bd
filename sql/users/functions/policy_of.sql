-- How a tenant wants its people to sign in: its row, or the defaults of the table.
create or replace function users.policy_of(p_tenant_id uuid)
returns users.auth_policies
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_policy users.auth_policies;
begin
    select p.* into v_policy from users.auth_policies p where p.tenant_id = p_tenant_id;
    if not found then
        v_policy := row(p_tenant_id, 'optional', '{}'::text[], 720, 43200, 15, 15, 5, 15, false, false, now(), now(), 1);
    end if;
    return v_policy;
end
$$;
