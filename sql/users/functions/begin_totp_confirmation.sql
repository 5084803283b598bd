-- The first half of a confirmation: counts the try and gives the secret. No row: the caller has no such factor waiting.
create or replace function users.begin_totp_confirmation(p_factor_id uuid)
returns table (wait integer, secret bytea, key_version integer)
language sql
security definer
set search_path = pg_catalog, pg_temp
as $$
    select users.throttle('mfa_enrolment', s.user_id::text, 10, interval '15 minutes', platform.request_time()),
           t.secret, t.key_version
      from users.own_session() s
      join users.totp_factors t on t.user_id = s.user_id and t.factor_id = p_factor_id and t.confirmed_at is null
$$;
