-- The strictest of what the firms of a person ask of a password: fewest characters, how many earlier ones may not come
-- back, whether one of them has security questions, and their names, which make poor passwords. Fifteen characters where
-- the password is the only factor (NIST SP 800-63B-4 3.1.1.2); a firm that requires a second one may go down to eight.
create or replace function users.password_rules(p_user_id uuid)
returns table (min_length integer, history integer, security_questions boolean, firms text[])
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_before text := current_setting('app.current_tenant_id', true);
    v_policy users.auth_policies;
    v_firm record;
    v_seen boolean := false;
begin
    min_length := 0;
    history := 0;
    security_questions := false;
    firms := '{}';
    for v_firm in
        select t.tenant_id, t.name from users.memberships m join tenants.tenants t on t.tenant_id = m.tenant_id
         where m.user_id = p_user_id and m.status <> 'ended' order by t.tenant_id
    loop
        perform set_config('app.current_tenant_id', v_firm.tenant_id::text, true);
        v_policy := users.policy_of(v_firm.tenant_id);
        min_length := greatest(min_length, users.min_password_length(v_policy));
        history := greatest(history, v_policy.password_history);
        security_questions := security_questions or v_policy.security_questions;
        firms := firms || v_firm.name::text;
        v_seen := true;
    end loop;
    perform set_config('app.current_tenant_id', coalesce(v_before, ''), true);
    if not v_seen then
        min_length := 15;
        history := 5;
    end if;
    return next;
end
$$;
