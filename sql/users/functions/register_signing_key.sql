-- Makes a public key known, so that every function accepts what it signed; safe to repeat. A key that was retired stays so.
create or replace function users.register_signing_key(p_key_id text, p_algorithm text, p_public_key jsonb)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into users.signing_keys (key_id, algorithm, public_key) values (p_key_id, p_algorithm, p_public_key)
    on conflict (key_id) do nothing;
    if not exists (select from users.signing_keys k where k.key_id = p_key_id and k.public_key = p_public_key) then
        perform platform.fail('WA409', 'state_conflict', 'Another key has this id');
    end if;
end
$$;
