-- Whether a key has been known for 15 minutes: three times as long as a function holds the keys it has read.
create or replace function users.signing_key_known(p_key_id text)
returns boolean
language sql stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select exists (select from users.signing_keys k
                    where k.key_id = p_key_id and k.retired_at is null
                      and k.created_at <= current_timestamp - interval '15 minutes')
$$;
