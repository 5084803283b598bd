-- Makes a person of the firm's own directory and makes the person a member: so that neither success nor refusal tells
-- anything of people elsewhere, whatever the e-mail. p_person: email, first_name, last_name, display_name, public_code,
-- legacy_id, user_name, external_id.
create or replace function users.create_member(p_user_id uuid, p_person jsonb)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
begin
    insert into users.users (
        user_id, email, first_name, last_name, display_name, public_code, legacy_id, directory_tenant_id)
    values (p_user_id, p_person ->> 'email', p_person ->> 'first_name', p_person ->> 'last_name', p_person ->> 'display_name', p_person ->> 'public_code',
            p_person ->> 'legacy_id', v_tenant);
    insert into users.memberships (tenant_id, user_id, user_name, external_id, origin)
    values (v_tenant, p_user_id, p_person ->> 'user_name', p_person ->> 'external_id', 'manual');
    perform users.record_event('USER_CREATED', p_user_id, 'success', null, null);
end
$$;
