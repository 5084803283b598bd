-- Spends the proof of a second factor, which Rust has found right: a TOTP step and all before it, a recovery code, a
-- passkey's counter. Each by one UPDATE that finds nothing to change the second time, so that of any number of equal proofs
-- at once one is taken. Gives null, or why not. p_proof: method with factor_id and step (and the secret under a newer key),
-- code_hash, or factor_id, counter and passkey; refused when there is no right one.
create or replace function users.spend_proof(p_user_id uuid, p_proof jsonb, p_now timestamptz)
returns text
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_proof ->> 'refused' is not null then
        return p_proof ->> 'refused';
    end if;
    case p_proof ->> 'method'
        when 'totp' then
            update users.totp_factors t
               set last_step = (p_proof ->> 'step')::bigint, last_used_at = p_now,
                   secret = coalesce(decode(p_proof ->> 'secret', 'hex'), t.secret),
                   key_version = coalesce((p_proof ->> 'key_version')::integer, t.key_version)
             where t.user_id = p_user_id and t.factor_id = (p_proof ->> 'factor_id')::uuid
               and t.confirmed_at is not null and t.last_step < (p_proof ->> 'step')::bigint;
            return case when not found then 'replayed' end;
        when 'recovery_code' then
            update users.recovery_codes r set used_at = p_now
             where r.user_id = p_user_id and r.code_hash = decode(p_proof ->> 'code_hash', 'hex') and r.used_at is null;
            if not found then
                return 'wrong_code';
            end if;
            perform users.record_event('RECOVERY_CODE_USED', p_user_id, 'success', null, jsonb_build_object('left', (
                select count(*) from users.recovery_codes r where r.user_id = p_user_id and r.used_at is null)));
            return null;
        when 'webauthn' then
            update users.webauthn_credentials w
               set sign_count = (p_proof ->> 'counter')::bigint, passkey = p_proof -> 'passkey', last_used_at = p_now
             where w.user_id = p_user_id and w.factor_id = (p_proof ->> 'factor_id')::uuid
               and (w.sign_count < (p_proof ->> 'counter')::bigint
                    or w.sign_count = 0 and (p_proof ->> 'counter')::bigint = 0);
            return case when not found then 'counter_went_back' end;
        else
            return 'unknown_method';
    end case;
end
$$;
