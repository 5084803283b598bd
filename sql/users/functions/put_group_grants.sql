-- Gives the members p_user_ids exactly these grants of one origin: member p_members[i] has the role p_roles[i] by the
-- group p_groups[i], a row for each, so that a role lasts while any group, or a grant by hand, still gives it. What is not
-- named ends and is kept (S0-52, S0-54). p_issuer and p_told_at: whose token said so, and of when it was. Returns whether an administrator's grant ended.
create or replace function users.put_group_grants(
    p_tenant_id uuid, p_origin text, p_user_ids uuid[], p_members uuid[], p_roles text[], p_groups text[],
    p_issuer text default null, p_told_at timestamptz default null)
returns boolean
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_administrator boolean;
begin
    v_administrator := users.close_grants(p_tenant_id, array(
        select r.user_role_id from users.user_roles r
         where r.tenant_id = p_tenant_id and r.user_id = any (p_user_ids) and r.origin = p_origin
           and r.effective_to is null and r.issuer is not distinct from p_issuer
           and not exists (
                select from unnest(p_members, p_roles, p_groups) w (user_id, role_name, group_name)
                 where w.user_id = r.user_id and w.role_name = r.role_name and w.group_name = r.okta_group_name)), null, p_told_at);
    insert into users.user_roles (
        tenant_id, user_id, role_name, okta_group_name, origin, effective_from, assigned_at, assigned_by,
        issuer, told_at)
    select distinct p_tenant_id, w.user_id, w.role_name, w.group_name, p_origin, platform.request_time(),
           platform.request_time(), left(nullif(current_setting('app.current_user_label', true), ''), 255),
           p_issuer, p_told_at
      from unnest(p_members, p_roles, p_groups) w (user_id, role_name, group_name)
     where w.user_id = any (p_user_ids)
       and not exists (
            select from users.user_roles r
             where r.tenant_id = p_tenant_id and r.user_id = w.user_id and r.role_name = w.role_name
               and r.origin = p_origin and r.okta_group_name = w.group_name and r.effective_to is null);
    return v_administrator;
end
$$;
