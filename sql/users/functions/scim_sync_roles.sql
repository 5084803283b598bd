-- Gives the members p_user_ids exactly the roles that their groups give: a row for each member, role and group, so that
-- a role lasts while any group, or a grant by hand, still gives it. Grants that end are kept (S0-52, S0-54); one that
-- begins and ends at the same instant never was. Returns whether an administrator's grant ended.
create or replace function users.scim_sync_roles(p_tenant_id uuid, p_user_ids uuid[])
returns boolean
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := platform.request_time();
    v_actor text := left(coalesce(nullif(current_setting('app.current_user_label', true), ''), 'scim'), 255);
    v_grant record;
    v_administrator boolean := false;
begin
    for v_grant in
        select r.user_role_id, r.effective_from, r.role_name
          from users.user_roles r
         where r.tenant_id = p_tenant_id and r.user_id = any (p_user_ids) and r.origin = 'scim' and r.effective_to is null
           and not exists (
                select from users.group_members gm
                  join users.groups g on g.tenant_id = gm.tenant_id and g.group_id = gm.group_id
                  join users.group_role_mappings p
                    on p.tenant_id = g.tenant_id and p.provider = g.provider and lower(p.group_name) = lower(g.display_name)
                 where gm.tenant_id = r.tenant_id and gm.user_id = r.user_id and p.role_name = r.role_name
                   and g.display_name = r.okta_group_name)
         order by r.user_role_id
    loop
        if v_grant.effective_from >= v_now then
            delete from users.user_roles r where r.tenant_id = p_tenant_id and r.user_role_id = v_grant.user_role_id;
        else
            update users.user_roles r set effective_to = v_now, ended_by = v_actor, version = r.version + 1
             where r.tenant_id = p_tenant_id and r.user_role_id = v_grant.user_role_id;
        end if;
        v_administrator := v_administrator or v_grant.role_name in ('SystemAdministrator', 'Admin');
    end loop;

    insert into users.user_roles (tenant_id, user_id, role_name, okta_group_name, origin, effective_from, assigned_by)
    select distinct gm.tenant_id, gm.user_id, p.role_name, g.display_name, 'scim', v_now, v_actor
      from users.group_members gm
      join users.groups g on g.tenant_id = gm.tenant_id and g.group_id = gm.group_id
      join users.group_role_mappings p
        on p.tenant_id = g.tenant_id and p.provider = g.provider and lower(p.group_name) = lower(g.display_name)
     where gm.tenant_id = p_tenant_id and gm.user_id = any (p_user_ids)
       and not exists (
            select from users.user_roles r
             where r.tenant_id = gm.tenant_id and r.user_id = gm.user_id and r.role_name = p.role_name
               and r.origin = 'scim' and r.okta_group_name = g.display_name and r.effective_to is null);
    return v_administrator;
end
$$;
