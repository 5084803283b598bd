-- Begins the registration of a passkey: keeps the state of the ceremony and gives what the browser shows and leaves out.
create or replace function users.start_passkey(p_token_hash bytea, p_state jsonb, p_expires_at timestamptz)
returns table (email text, display_name text, credential_ids text[])
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_session users.user_sessions := users.own_session();
    v_ids text[];
begin
    select coalesce(array_agg(users.credential_name(w.credential_id) order by w.created_at), '{}') into v_ids
      from users.webauthn_credentials w where w.user_id = v_session.user_id;
    if cardinality(v_ids) >= 10 then
        perform platform.fail('WA409', 'state_conflict', 'You have ten passkeys: remove one first');
    end if;
    perform users.make_one_time_token(p_token_hash, 'webauthn_registration', v_session.user_id, v_session.tenant_id,
        p_state, p_expires_at);
    return query select u.email::text, coalesce(u.display_name, u.email)::text, v_ids
                   from users.users u where u.user_id = v_session.user_id;
end
$$;
