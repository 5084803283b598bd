-- First round trip of a verification: the hash of the password that was chosen with the address. Ten tries a link.
create or replace function users.verification_facts(p_token bytea, p_caller jsonb)
returns table (hash text)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform users.set_caller(null, null, 'anonymous', p_caller);
    return query
        select c.hash from users.try_one_time_token(p_token, 'verify_email', 10) t
          join users.password_credentials c on c.user_id = t.user_id;
end
$$;
