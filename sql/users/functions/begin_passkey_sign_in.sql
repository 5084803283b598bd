-- The first half of a sign-in by passkey alone: uses the ceremony up and gives the credential that was shown. No row: there
-- is no such ceremony or credential.
create or replace function users.begin_passkey_sign_in(p_challenge_hash bytea, p_credential_id bytea, p_caller jsonb)
returns table (user_id uuid, passkey jsonb)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    perform users.set_caller(null, null, null, p_caller);
    passkey := users.passkey_for(null, p_challenge_hash, p_credential_id);
    user_id := (passkey ->> 'user_id')::uuid;
    if user_id is not null then
        return next;
    end if;
end
$$;
