-- Looks at a link or code that is used up only when a second proof comes with it (a password, a code, a passkey), and
-- counts the look: after p_limit of them there is nothing left to guess against.
create or replace function users.try_one_time_token(p_token_hash bytea, p_purpose text, p_limit integer)
returns setof users.one_time_tokens
language sql
set search_path = pg_catalog, pg_temp
as $$
    update users.one_time_tokens t set attempts = t.attempts + 1
     where t.token_hash = p_token_hash and t.purpose = p_purpose and t.used_at is null
       and t.expires_at > platform.request_time() and t.attempts < p_limit
    returning t.*
$$;
