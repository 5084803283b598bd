-- Makes the account, the membership and the roles of one row of import_people.
create or replace function users.import_person(p_tenant_id uuid, p_row jsonb)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := platform.request_time();
    v_user uuid := users.create_local_account(p_row || jsonb_build_object('verified_at',
        case when (p_row ->> 'is_verified')::boolean then v_now end));
begin
    insert into users.memberships (tenant_id, user_id, origin) values (p_tenant_id, v_user, 'import');
    insert into users.user_roles (
        tenant_id, user_id, role_name, origin, effective_from, assigned_at, assigned_by, reason)
    select p_tenant_id, v_user, r, 'manual', v_now, v_now,
           left(nullif(current_setting('app.current_user_label', true), ''), 255), 'import'
      from jsonb_array_elements_text(p_row -> 'roles') r;
    perform users.record_event('USER_IMPORTED', v_user, 'success', null, jsonb_build_object(
        'legacy_id', p_row ->> 'legacy_id', 'roles', p_row -> 'roles', 'verified', p_row -> 'is_verified',
        'scheme', split_part(p_row ->> 'hash', '$', 2)));
end
$$;
