-- What keeps a row of import_people from making an account: that it did before (unchanged), or a reason (failed). No status:
-- nothing does.
create or replace function users.import_refusal(p_tenant_id uuid, p_row jsonb)
returns table (status text, column_name text, code text, message text)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_email text := p_row ->> 'email';
    v_legacy text := p_row ->> 'legacy_id';
    v_roles text[] := array(select r from jsonb_array_elements_text(p_row -> 'roles') r);
    v_user users.users;
    v_unknown text;
begin
    select u.* into v_user from users.local_account(v_email) u;
    if found and v_user.legacy_id is not distinct from v_legacy and exists (
            select from users.memberships m
             where m.tenant_id = p_tenant_id and m.user_id = v_user.user_id and m.origin = 'import') then
        status := 'unchanged';
        return next;
        return;
    end if;
    select r into v_unknown from unnest(v_roles) r
     where not exists (select from users.roles known where known.role_name = r) limit 1;
    status := 'failed';
    if v_user.user_id is not null then
        column_name := 'email';
        code := 'duplicate';
        message := 'is the address of an account that is there: invite the person instead';
    elsif exists (select from users.memberships m join users.users u on u.user_id = m.user_id
                   where m.tenant_id = p_tenant_id and m.status <> 'ended' and lower(u.email) = v_email) then
        column_name := 'email';
        code := 'duplicate';
        message := 'is the address of somebody in the directory of the firm';
    elsif exists (select from users.users u where u.legacy_id = v_legacy and u.directory_tenant_id is null) then
        column_name := 'legacy_id';
        code := 'duplicate';
        message := 'is the id of another account';
    elsif v_unknown is not null then
        column_name := 'roles';
        code := 'unknown_role';
        message := 'names a role that there is not';
    elsif not users.may_invite(p_tenant_id, platform.current_user_id(), v_roles, platform.request_time()) then
        column_name := 'roles';
        code := 'permission_denied';
        message := 'names a role above the importer''s own';
    else
        return;
    end if;
    return next;
end
$$;
