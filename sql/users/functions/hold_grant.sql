-- Holds a grant for a change, and gives it. A grant that a directory made is changed there, by its groups.
create or replace function users.hold_grant(p_user_id uuid, p_user_role_id uuid, p_version bigint)
returns users.user_roles
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_grant users.user_roles;
begin
    select r.* into v_grant from users.user_roles r
     where r.tenant_id = platform.require_tenant() and r.user_id = p_user_id and r.user_role_id = p_user_role_id
       for update;
    if not found then
        perform platform.fail('WA404', 'not_found', 'There is no such grant');
    elsif v_grant.version <> p_version then
        perform platform.fail('WA412', 'version_conflict', 'The grant has changed since it was read');
    elsif v_grant.origin <> 'manual' then
        perform platform.fail('WA409', 'state_conflict', 'A group of the directory gives this role: change the group');
    end if;
    return v_grant;
end
$$;
