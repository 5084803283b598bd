-- Puts new recovery codes (hex of their SHA-256) in the place of all that a person has.
create or replace function users.put_recovery_codes(p_user_id uuid, p_code_hashes text[])
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    delete from users.recovery_codes r where r.user_id = p_user_id;
    insert into users.recovery_codes (user_id, code_hash, created_at)
    select p_user_id, decode(h, 'hex'), platform.request_time() from unnest(p_code_hashes) h;
    insert into users.mfa_settings as m (user_id, recovery_codes_made_at) values (p_user_id, platform.request_time())
    on conflict (user_id) do update
       set recovery_codes_made_at = excluded.recovery_codes_made_at, updated_at = now(), version = m.version + 1;
    perform users.record_event('RECOVERY_CODES_MADE', p_user_id, 'success', null,
        jsonb_build_object('count', cardinality(p_code_hashes)));
end
$$;
