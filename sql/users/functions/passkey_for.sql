-- A passkey's answer: the state of the ceremony that it belongs to, used up by this look, and the credential that it names.
-- With p_user_id it must be that person's, and the ceremony begun for that person or for nobody. A null where there is none.
create or replace function users.passkey_for(p_user_id uuid, p_challenge_hash bytea, p_credential_id bytea)
returns jsonb
language sql
set search_path = pg_catalog, pg_temp
as $$
    with ceremony as (
        select c.data, c.user_id from users.use_one_time_token(p_challenge_hash, 'webauthn_assertion') c)
    select jsonb_build_object('state', c.data, 'factor_id', w.factor_id, 'user_id', w.user_id, 'passkey', w.passkey)
      from ceremony c
      join users.webauthn_credentials w on w.credential_id = p_credential_id
     where (p_user_id is null or w.user_id = p_user_id) and (c.user_id is null or c.user_id = w.user_id)
$$;
