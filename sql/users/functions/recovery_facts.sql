-- First round trip of a recovery, by the link that was sent: what a new password is judged by, and the questions that
-- must be answered besides where a firm of the person wants that. Ten looks a link.
create or replace function users.recovery_facts(p_token bytea, p_caller jsonb)
returns table (
    email text, first_name text, last_name text, hashes text[], min_length integer, firms text[], questions jsonb)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user uuid;
begin
    perform users.set_caller(null, null, 'anonymous', p_caller);
    select t.user_id into v_user from users.try_one_time_token(p_token, 'recover', 10) t;
    return query select * from users.password_facts_of(v_user);
end
$$;
