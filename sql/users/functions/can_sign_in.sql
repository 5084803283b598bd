-- Whether a person has any way to sign in. Who has none is a service, which acts by API keys only.
create or replace function users.can_sign_in(p_user_id uuid)
returns boolean
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select exists (select from users.password_credentials c where c.user_id = p_user_id)
        or exists (select from users.user_identities i where i.user_id = p_user_id)
        or exists (select from users.webauthn_credentials w where w.user_id = p_user_id)
$$;
