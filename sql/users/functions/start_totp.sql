-- Keeps the secret of a TOTP factor that is yet to be confirmed, in the place of any other such: whoever clicks twice has
-- the second one. Gives the account's name for the authenticator.
create or replace function users.start_totp(p_factor_id uuid, p_label text, p_secret bytea, p_key_version integer)
returns table (account text)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user uuid := (users.own_session()).user_id;
begin
    delete from users.totp_factors t where t.user_id = v_user and t.confirmed_at is null;
    if (select count(*) from users.totp_factors t where t.user_id = v_user) >= 5 then
        perform platform.fail('WA409', 'state_conflict', 'You have five authenticators: remove one first');
    end if;
    insert into users.totp_factors (user_id, factor_id, label, secret, key_version, created_at)
    values (v_user, p_factor_id, p_label, p_secret, p_key_version, platform.request_time());
    return query select u.email from users.users u where u.user_id = v_user;
end
$$;
