-- Gives a right code's count back; what is counted stands in users.mfa_allowance.
create or replace function users.mfa_give_back(p_user_id uuid, p_method text)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_method = 'totp' then
        perform users.forgive('mfa_address', p_user_id || ' ' || coalesce(host(audit.session_ip()), ''), false);
        perform users.forgive('mfa_account', p_user_id::text, false);
    end if;
end
$$;
