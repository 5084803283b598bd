-- Gives a right code's count back.
create or replace function users.mfa_give_back(p_user_id uuid, p_method text)
returns void
language sql
set search_path = pg_catalog, pg_temp
as $$
    update users.throttles t set hits = greatest(t.hits - 1, 0)
     where p_method = 'totp'
       and (t.bucket, t.subject_hash) in (
            ('mfa_address', sha256(convert_to(p_user_id || ' ' || coalesce(host(audit.session_ip()), ''), 'UTF8'))),
            ('mfa_account', sha256(convert_to(p_user_id::text, 'UTF8'))))
$$;
