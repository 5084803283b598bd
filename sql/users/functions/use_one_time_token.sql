-- Uses a link or code up and gives what it stands for; no row if it was used, has expired, was tried too often or never
-- was. Two calls at once take turns at the row, and the second finds it used.
create or replace function users.use_one_time_token(p_token_hash bytea, p_purpose text)
returns setof users.one_time_tokens
language sql
set search_path = pg_catalog, pg_temp
as $$
    update users.one_time_tokens t set used_at = platform.request_time()
     where t.token_hash = p_token_hash and t.purpose = p_purpose and t.used_at is null
       and t.expires_at > platform.request_time() and t.attempts <= 10
    returning t.*
$$;
