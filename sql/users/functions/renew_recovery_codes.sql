-- Gives the caller new recovery codes; the old ones are void. Only for somebody with a factor that they could stand in for.
create or replace function users.renew_recovery_codes(p_code_hashes text[])
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user uuid := (users.own_session()).user_id;
begin
    if users.mfa_methods(v_user) = '{}' then
        perform platform.fail('WA409', 'state_conflict', 'Enrol a second factor first');
    end if;
    perform users.put_recovery_codes(v_user, p_code_hashes);
end
$$;
