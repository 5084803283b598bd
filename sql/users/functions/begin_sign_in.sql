-- First round trip of a sign-in: counts the attempt and gives the hash to check the password against and the tenant that a
-- session would be in, or how long to wait.
-- An address that is unknown is counted alike and comes back without a hash; which schemes are in use says what its check
-- must cost.
create or replace function users.begin_sign_in(p_email text, p_tenant text, p_caller jsonb)
returns table (tenant_id uuid, user_id uuid, hash text, argon2_in_use boolean, bcrypt_cost integer, retry_after integer)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := (p_caller ->> 'now')::timestamptz;
begin
    perform users.set_caller(null, null, 'anonymous', p_caller);
    retry_after := users.sign_in_wait(p_email, users.caller_network(p_caller), v_now);
    if retry_after > 0 then
        perform users.record_event('LOGIN', null, 'denied', 'rate_limited',
            jsonb_build_object('email_sha256', encode(sha256(convert_to(p_email, 'UTF8')), 'hex')));
        return next;
        return;
    end if;
    select u.user_id, c.hash into user_id, hash
      from users.password_account(p_email, p_tenant) u left join users.password_credentials c on c.user_id = u.user_id;
    select p.tenant_id into tenant_id from users.sign_in_places(user_id, p_tenant) p;
    select coalesce(bool_or(s like '$argon2%'), false), max(substr(s, 5, 2)::integer) filter (where s like '$2%')
      into argon2_in_use, bcrypt_cost
      from (select '$argon2' as s
            union all select '$2' || v || '$' || cost || '$' from unnest('{a,b,x,y}'::text[]) v, generate_series(10, 14) cost) k
     where exists (select from users.password_credentials c where substr(c.hash, 1, 7) = k.s);
    return next;
end
$$;
