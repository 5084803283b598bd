-- First round trip of a change of one's own password or questions: what it is judged by, and how long to wait, for the
-- present password is asked for and could be guessed at with a stolen token.
create or replace function users.password_facts(p_client_ip text)
returns table (
    email text, first_name text, last_name text, hashes text[], min_length integer, firms text[],
    security_questions boolean, retry_after integer)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user uuid := platform.current_user_id();
begin
    retry_after := users.throttle('password_change', v_user::text || ' ' || coalesce(p_client_ip, ''), 10,
        interval '15 minutes', platform.request_time());
    if retry_after > 0 then
        perform users.record_event('PASSWORD_CHANGED', v_user, 'denied', 'rate_limited', null);
        return next;
        return;
    end if;
    return query
        select f.email, f.first_name, f.last_name, f.hashes, f.min_length, f.firms, r.security_questions, 0
          from users.password_facts_of(v_user) f cross join lateral users.password_rules(v_user) r;
end
$$;
