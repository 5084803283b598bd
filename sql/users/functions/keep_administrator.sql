-- Refuses what would leave a tenant without anybody who can administer it. Called after the change, in its transaction;
-- the lock makes two administrators who remove each other take turns.
create or replace function users.keep_administrator(p_tenant_id uuid)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := platform.request_time();
begin
    perform pg_advisory_xact_lock(hashtextextended('administrators ' || p_tenant_id::text, 0));
    if not exists (
            select from users.user_roles r
              join users.memberships m on m.tenant_id = r.tenant_id and m.user_id = r.user_id and m.status = 'active'
              join users.users u on u.user_id = r.user_id and u.is_active
             where r.tenant_id = p_tenant_id and r.role_name in ('SystemAdministrator', 'Admin') and r.origin <> 'oidc'
               and r.effective_from <= v_now and r.effective_to is null) then
        perform platform.fail('WA409', 'last_administrator',
            'The firm would be left without an active administrator');
    end if;
end
$$;
