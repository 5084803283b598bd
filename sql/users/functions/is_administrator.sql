-- Whether a member holds a role that administers the tenant, now.
create or replace function users.is_administrator(p_tenant_id uuid, p_user_id uuid)
returns boolean
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select users.roles_held(p_tenant_id, p_user_id, platform.request_time()) && '{SystemAdministrator,Admin}'
$$;
