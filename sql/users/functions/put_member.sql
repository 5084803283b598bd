-- Makes a person a member of a tenant with exactly these roles, and links the given sign-in. For the command line, the
-- demo data and tests; SCIM and the users API come on top of the same tables. Safe to repeat.
create or replace function users.put_member(
    p_tenant_id uuid, p_user_id uuid, p_email text, p_first_name text, p_last_name text, p_provider text,
    p_issuer text, p_subject text, p_roles text[], p_assigned_by text)
returns uuid
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user uuid;
    v_before text := current_setting('app.current_tenant_id', true);
begin
    perform set_config('app.current_tenant_id', p_tenant_id::text, true);

    insert into users.users as u (user_id, email, first_name, last_name, display_name)
    values (coalesce(p_user_id, gen_random_uuid()), p_email, p_first_name, p_last_name,
            nullif(concat_ws(' ', p_first_name, p_last_name), ''))
    on conflict (lower(email), coalesce(directory_tenant_id, '00000000-0000-0000-0000-000000000000'::uuid)) do update
       set first_name = excluded.first_name, last_name = excluded.last_name, display_name = excluded.display_name
    returning u.user_id into v_user;

    insert into users.user_identities (user_id, provider, issuer, subject)
    values (v_user, p_provider, p_issuer, p_subject)
    on conflict (issuer, subject) do nothing;
    if not exists (select from users.user_identities i
                    where i.issuer = p_issuer and i.subject = p_subject and i.user_id = v_user) then
        perform platform.fail('WA409', 'state_conflict', 'This sign-in belongs to another person', '/subject');
    end if;

    insert into users.memberships as m (tenant_id, user_id) values (p_tenant_id, v_user)
    on conflict (tenant_id, user_id) do update set status = 'active', updated_at = now(), version = m.version + 1
     where m.status <> 'active';

    update users.user_roles r set effective_to = now(), ended_by = p_assigned_by, version = r.version + 1
     where r.tenant_id = p_tenant_id and r.user_id = v_user and not (r.role_name = any (p_roles))
       and r.effective_to is null;
    insert into users.user_roles (tenant_id, user_id, role_name, assigned_by, effective_from)
    select p_tenant_id, v_user, r, p_assigned_by, '2000-01-01Z' from unnest(p_roles) r
     where not exists (
            select from users.user_roles h
             where h.tenant_id = p_tenant_id and h.user_id = v_user and h.role_name = r and h.origin = 'manual');

    perform set_config('app.current_tenant_id', coalesce(v_before, ''), true);
    return v_user;
end
$$;
