-- Part of begin_request, for a session of ours without a second factor: whether its firm demands one. What stays open to such
-- a session (looking at itself, enrolling, stepping up, ending) declares that where it is defined (`wealth_http::Enrollee`).
-- Judged anew with each request, so that a new policy holds for old sessions.
create or replace function users.check_enrolment(p_tenant_id uuid, p_user_id uuid, p_now timestamptz)
returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if users.mfa_required(p_tenant_id, p_user_id, p_now) then
        perform platform.fail('WA403', 'insufficient_aal',
            'Your firm demands a second factor: enrol one, or sign in with the one you have',
            null, '{"challenge": "acr_values=\"aal2\""}');
    end if;
end
$$;
