-- Begins a ceremony in which a passkey is shown: keeps its state. With the token of a first step (p_mfa_token_hash) it is
-- that person's and names their passkeys, without one it is anybody's. No row: that token is of no use.
create or replace function users.start_assertion(
    p_token_hash bytea, p_state jsonb, p_expires_at timestamptz, p_mfa_token_hash bytea, p_caller jsonb)
returns table (wait integer, credential_ids text[])
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_user uuid;
begin
    perform users.set_caller(null, null, null, p_caller);
    wait := users.throttle('webauthn_options', users.caller_network(p_caller), 100, interval '15 minutes',
        platform.request_time());
    if wait > 0 then
        return next;
        return;
    end if;
    if p_mfa_token_hash is not null then
        select t.user_id into v_user from users.one_time_tokens t
         where t.token_hash = p_mfa_token_hash and t.purpose = 'mfa' and t.used_at is null
           and t.expires_at > platform.request_time();
        if not found then
            return;
        end if;
    end if;
    perform users.make_one_time_token(p_token_hash, 'webauthn_assertion', v_user, null, p_state, p_expires_at);
    credential_ids := array(select users.credential_name(w.credential_id) from users.webauthn_credentials w
                             where w.user_id = v_user order by w.created_at);
    return next;
end
$$;
