-- The state of the caller's own ceremony, used up by this look. No row: another's, unknown, expired or used.
create or replace function users.take_passkey_registration(p_token_hash bytea)
returns table (state jsonb)
language sql
security definer
set search_path = pg_catalog, pg_temp
as $$
    select t.data
      from users.own_session() s
     cross join lateral users.use_one_time_token(p_token_hash, 'webauthn_registration') t
     where t.user_id = s.user_id
$$;
