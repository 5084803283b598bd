-- Ends grants of a tenant now. One that has not begun never was and is taken away; one that has ended stays as it is, so
-- that "which roles had U on D" keeps its answer. Returns whether one of them administered the tenant. Inner part of
-- everything that ends grants, by hand or by a directory.
create or replace function users.close_grants(p_tenant_id uuid, p_user_role_ids uuid[], p_reason text default null, p_told_at timestamptz default null)
returns boolean
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := platform.request_time();
    v_roles text[];
begin
    with never as (
        delete from users.user_roles r
         where r.tenant_id = p_tenant_id and r.user_role_id = any (p_user_role_ids) and r.effective_from >= v_now
        returning r.role_name::text),
    over as (
        update users.user_roles r
           set effective_to = v_now, version = r.version + 1, reason = coalesce(r.reason, p_reason),
               told_at = coalesce(p_told_at, r.told_at),
               ended_by = left(nullif(current_setting('app.current_user_label', true), ''), 255)
         where r.tenant_id = p_tenant_id and r.user_role_id = any (p_user_role_ids) and r.effective_from < v_now
           and (r.effective_to is null or r.effective_to > v_now)
        returning r.role_name::text)
    select array(select n.role_name from never n union all select o.role_name from over o) into v_roles;
    return v_roles && '{SystemAdministrator,Admin}';
end
$$;
