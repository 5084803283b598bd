-- First round trip of a registration: counts it for the network it comes from, and says whether the firm takes people in
-- who register themselves and how long their passwords must be. A firm that does not exist is one that does not.
create or replace function users.begin_registration(p_tenant text, p_caller jsonb)
returns table (tenant_id uuid, firm text, min_length integer, retry_after integer)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := (p_caller ->> 'now')::timestamptz;
    v_policy users.auth_policies;
begin
    tenant_id := users.find_tenant(p_tenant);
    perform users.set_caller(tenant_id, null, 'anonymous', p_caller);
    retry_after := users.throttle('register', users.caller_network(p_caller), 20, interval '1 hour', v_now);
    v_policy := users.policy_of(tenant_id);
    min_length := users.min_password_length(v_policy);
    select t.name into firm from tenants.tenants t
     where t.tenant_id = begin_registration.tenant_id and t.status = 'active' and v_policy.self_registration;
    if retry_after > 0 or firm is null then
        perform users.record_event('REGISTER', null, 'denied',
            case when retry_after > 0 then 'rate_limited' else 'registration_closed' end, null);
        tenant_id := null;
    end if;
    return next;
end
$$;
