-- Why a password that was checked against the hash whose SHA-256 is p_proof.seen does not step a session up; null when it
-- does. Somebody who has enrolled a factor meanwhile shows that.
create or replace function users.password_refusal(p_user_id uuid, p_proof jsonb)
returns text
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select case
        when c.hash is null then 'no_password'
        when p_proof ->> 'refused' is not null then p_proof ->> 'refused'
        when encode(sha256(convert_to(c.hash, 'UTF8')), 'hex') is distinct from p_proof ->> 'seen' then 'password_changed'
        when users.mfa_methods(p_user_id) <> '{}' then 'has_factor' end
      from (select) nobody left join users.password_credentials c on c.user_id = p_user_id
$$;
