-- Fewest characters of a password under a firm's policy.
create or replace function users.min_password_length(p_policy users.auth_policies)
returns integer
language sql immutable
set search_path = pg_catalog, pg_temp
as $$ select greatest((p_policy).password_min_length, case when (p_policy).mfa = 'required' then 8 else 15 end) $$;
