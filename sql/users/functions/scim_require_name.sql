-- A userName is taken if a member of the firm has it, or signs in under it without having been given one.
create or replace function users.scim_require_name(p_tenant_id uuid, p_user_id uuid, p_user_name text)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    perform pg_advisory_xact_lock(hashtextextended('user name ' || p_tenant_id::text || lower(p_user_name), 0));
    if exists (select from users.memberships m
                where m.tenant_id = p_tenant_id and lower(m.user_name) = lower(p_user_name) and m.status <> 'ended'
                  and m.user_id <> p_user_id)
       or exists (select from users.users u
                    join users.memberships m on m.tenant_id = p_tenant_id and m.user_id = u.user_id
                   where lower(u.email) = lower(p_user_name) and m.user_name is null and m.status <> 'ended'
                     and m.user_id <> p_user_id) then
        perform platform.fail('WA409', 'duplicate', 'userName is taken', '/userName');
    end if;
end
$$;
