-- Holds a group for a change that depends on what is there now; raises as scim_lock_user does.
create or replace function users.scim_lock_group(p_group_id uuid, p_version bigint)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_version bigint;
begin
    select g.version into v_version
      from users.groups g
     where g.tenant_id = platform.require_tenant() and g.group_id = p_group_id
       for update;
    if not found then
        perform platform.fail('WA404', 'not_found', 'There is no such group');
    elsif v_version <> p_version then
        perform platform.fail('WA412', 'version_conflict', 'The group has changed since it was read');
    end if;
end
$$;
