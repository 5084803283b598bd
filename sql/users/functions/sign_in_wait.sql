-- Counts one check of a password and says how many seconds to wait; 0: go on.
-- Guessing is counted for the account from this network, and for the network; never for the account alone, so that nobody
-- can lock somebody else out. When the whole platform is being guessed at, a network gets less.
create or replace function users.sign_in_wait(p_email text, p_network text, p_now timestamptz)
returns integer
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_busy boolean := users.throttle('sign_in_platform', '', 3000, interval '1 minute', p_now) > 0;
begin
    return greatest(
        users.throttle('sign_in_account', p_network || ' ' || p_email, 10, interval '15 minutes', p_now),
        users.throttle('sign_in_network', p_network, case when v_busy then 20 else 100 end, interval '15 minutes', p_now));
end
$$;
