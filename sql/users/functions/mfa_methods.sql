-- The ways in which a person can do the second step; none: they have no factor. Recovery codes stand in for a factor and
-- are none by themselves.
create or replace function users.mfa_methods(p_user_id uuid)
returns text[]
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    with factors as (
        select exists (select from users.totp_factors t
                        where t.user_id = p_user_id and t.confirmed_at is not null) as totp,
               exists (select from users.webauthn_credentials w where w.user_id = p_user_id) as webauthn)
    select array_remove(array[
               case when f.totp then 'totp' end,
               case when f.webauthn then 'webauthn' end,
               case when (f.totp or f.webauthn) and exists (
                        select from users.recovery_codes r where r.user_id = p_user_id and r.used_at is null)
                    then 'recovery_code' end], null)
      from factors f
$$;
