-- After the enrolment of a factor: recovery codes for whoever has none (p_code_hashes), the event, and the session raised,
-- because the person has just shown the factor. Inner part of the two enrolments.
create or replace function users.factor_enrolled(
    p_user_id uuid, p_factor_id uuid, p_method text, p_code_hashes text[], p_methods text[])
returns table (
    codes_made boolean, assurance smallint, methods text[], authenticated_at timestamptz, roles text[],
    access_token_minutes integer)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    codes_made := not exists (select from users.recovery_codes r where r.user_id = p_user_id and r.used_at is null);
    if codes_made then
        perform users.put_recovery_codes(p_user_id, p_code_hashes);
    end if;
    perform users.record_event('MFA_ENROLLED', p_user_id, 'success', null,
        jsonb_build_object('method', p_method, 'factor_id', p_factor_id));
    return query select codes_made, r.* from users.raise_session(2, p_methods) r;
end
$$;
