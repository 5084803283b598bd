-- Makes a person of the platform's own identity store who signs in with a password: registration, invitation, import.
-- p_person: email, first_name, last_name, hash, issuer, verified_at, legacy_id, is_active.
create or replace function users.create_local_account(p_person jsonb)
returns uuid
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user uuid := gen_random_uuid();
begin
    insert into users.users (
        user_id, email, first_name, last_name, display_name, is_active, email_verified_at, legacy_id)
    values (v_user, p_person ->> 'email', p_person ->> 'first_name', p_person ->> 'last_name',
            nullif(concat_ws(' ', p_person ->> 'first_name', p_person ->> 'last_name'), ''),
            coalesce((p_person ->> 'is_active')::boolean, true), (p_person ->> 'verified_at')::timestamptz,
            p_person ->> 'legacy_id');
    insert into users.user_identities (user_id, provider, issuer, subject)
    values (v_user, 'local', p_person ->> 'issuer', v_user::text);
    insert into users.password_credentials (user_id, hash, changed_at)
    values (v_user, p_person ->> 'hash', platform.request_time());
    return v_user;
end
$$;
