-- What a code of a person is checked with: the confirmed TOTP factors, secrets as ciphertext. For the service's own functions.
create or replace function users.mfa_secrets(p_user_id uuid)
returns jsonb
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(jsonb_agg(jsonb_build_object(
               'factor_id', t.factor_id, 'secret', encode(t.secret, 'hex'), 'key_version', t.key_version)
               order by t.created_at, t.factor_id), '[]')
      from users.totp_factors t where t.user_id = p_user_id and t.confirmed_at is not null
$$;
