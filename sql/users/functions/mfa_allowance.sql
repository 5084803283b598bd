-- Counts one attempt at a second factor and says how many seconds the person must wait; 0: go on. Of a million codes three
-- are right at a time (one step of tolerance each way), so 15 wrong ones a day leave a guesser 4.5e-5 a day, from however
-- many addresses; one address has 10 a quarter of an hour. Only codes are counted: recovery codes and passkeys cannot be
-- guessed, and so stay open to a person whose codes somebody else is guessing at. A right code gives its count back.
create or replace function users.mfa_allowance(p_user_id uuid, p_method text, p_now timestamptz)
returns integer
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_wait integer;
begin
    if p_method <> 'totp' then
        return 0;
    end if;
    v_wait := users.throttle('mfa_address', p_user_id || ' ' || coalesce(host(audit.session_ip()), ''), 10,
        interval '15 minutes', p_now);
    if v_wait = 0 then
        v_wait := users.throttle('mfa_account', p_user_id::text, 15, interval '1 day', p_now);
    end if;
    return v_wait;
end
$$;
