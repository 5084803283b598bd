-- The second half: the first code was right, and with its step it is spent (p_step). Twice at once: the second finds nothing
-- to confirm and gets no row.
create or replace function users.confirm_totp(
    p_factor_id uuid, p_step bigint, p_code_hashes text[], p_methods text[])
returns table (
    codes_made boolean, assurance smallint, methods text[], authenticated_at timestamptz, roles text[],
    access_token_minutes integer)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user uuid := (users.own_session()).user_id;
begin
    update users.totp_factors t
       set confirmed_at = platform.request_time(), last_step = p_step, last_used_at = platform.request_time()
     where t.user_id = v_user and t.factor_id = p_factor_id and t.confirmed_at is null and t.last_step < p_step;
    if found then
        return query select * from users.factor_enrolled(v_user, p_factor_id, 'totp', p_code_hashes, p_methods);
    end if;
end
$$;
