-- Provisions a person of the firm's own directory and makes the person a member. p_person: user_id, email, first_name,
-- last_name, display_name, password_hash. Never meets a person of another firm or of the platform, whatever the e-mail.
create or replace function users.scim_create_user(
    p_user_name text, p_external_id text, p_active boolean, p_scim jsonb, p_person jsonb)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_user uuid := p_person ->> 'user_id';
begin
    perform users.scim_require_name(v_tenant, v_user, p_user_name);
    -- Whoever left the firm by another way than this still has the address.
    update users.users u
       set email = users.scim_person_email(u.user_id, null), is_active = false, updated_at = now(), version = u.version + 1
     where u.directory_tenant_id = v_tenant and lower(u.email) = lower(p_person ->> 'email')
       and not exists (select from users.memberships m where m.user_id = u.user_id and m.status <> 'ended');
    insert into users.users (user_id, email, first_name, last_name, display_name, directory_tenant_id)
    values (v_user, users.scim_person_email(v_user, p_person ->> 'email'), left(p_person ->> 'first_name', 100),
            left(p_person ->> 'last_name', 100), left(p_person ->> 'display_name', 255), v_tenant);
    insert into users.memberships (tenant_id, user_id, user_name, external_id, scim, origin, status)
    values (v_tenant, v_user, p_user_name, p_external_id, p_scim, 'scim',
            case when coalesce(p_active, true) then 'active' else 'suspended' end);
    perform users.record_event('USER_PROVISIONED', v_user, 'success', null,
        jsonb_build_object('user_name', p_user_name, 'external_id', p_external_id, 'active', coalesce(p_active, true)));
    perform users.put_directory_password(v_tenant, v_user, p_person ->> 'password_hash');
end
$$;
