-- Replaces what the directory says of a member. A person of the platform's own store who is a member keeps name and
-- e-mail: those are the person's, not the firm's. An activity that is NULL stays. Deactivation ends every way in, in this transaction.
create or replace function users.scim_update_user(
    p_user_id uuid, p_version bigint, p_user_name text, p_external_id text, p_active boolean, p_scim jsonb,
    p_person jsonb)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_was text;
    v_is text;
begin
    perform users.scim_lock_user(p_user_id, p_version);
    perform users.scim_require_name(v_tenant, p_user_id, p_user_name);
    select m.status into v_was from users.memberships m where m.tenant_id = v_tenant and m.user_id = p_user_id;
    v_is := case when p_active is null then v_was when p_active then 'active' when v_was = 'active' then 'suspended'
                 else v_was end;

    if v_was <> 'active' and v_is = 'active' then
        perform users.end_access(v_tenant, p_user_id, 'before reactivation');
    end if;
    update users.memberships m
       set user_name = p_user_name, external_id = p_external_id, scim = p_scim, status = v_is,
           updated_at = now(), version = m.version + 1
     where m.tenant_id = v_tenant and m.user_id = p_user_id;
    update users.users u
       set email = users.scim_person_email(p_user_id, p_person ->> 'email'),
           first_name = left(p_person ->> 'first_name', 100), last_name = left(p_person ->> 'last_name', 100),
           display_name = left(p_person ->> 'display_name', 255),
           updated_at = now(), version = u.version + 1
     where u.user_id = p_user_id and u.directory_tenant_id = v_tenant
       and (u.email, u.first_name, u.last_name, u.display_name) is distinct from
           (users.scim_person_email(p_user_id, p_person ->> 'email'), left(p_person ->> 'first_name', 100),
            left(p_person ->> 'last_name', 100), left(p_person ->> 'display_name', 255));

    perform users.put_directory_password(v_tenant, p_user_id, p_person ->> 'password_hash');
    if v_was = 'active' and v_is <> 'active' then
        perform users.end_access(v_tenant, p_user_id, 'deactivated by the directory');
        perform users.record_event('USER_DEACTIVATED', p_user_id, 'success', null, null);
        if users.roles_held(v_tenant, p_user_id, platform.request_time()) && '{SystemAdministrator,Admin}' then
            perform users.keep_administrator(v_tenant);
        end if;
    elsif v_was <> 'active' and v_is = 'active' then
        perform users.record_event('USER_REACTIVATED', p_user_id, 'success', null, null);
    end if;
end
$$;
