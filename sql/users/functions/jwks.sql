-- The public keys of the platform's tokens that are in force.
create or replace function users.jwks()
returns table (keys jsonb)
language sql stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(jsonb_agg(k.public_key order by k.created_at, k.key_id), '[]')
      from users.signing_keys k where k.retired_at is null
$$;
