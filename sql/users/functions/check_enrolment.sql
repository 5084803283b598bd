-- Part of begin_request: a session of ours that was opened without the second factor that the tenant demands may only look
-- at itself, enrol one, step up or end. Judged anew with each request, so that a new policy holds for old sessions.
create or replace function users.check_enrolment(
    p_tenant_id uuid, p_user_id uuid, p_session_id uuid, p_transaction text, p_now timestamptz)
returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_session_id is null
       or not exists (select from users.user_sessions s
                       where s.tenant_id = p_tenant_id and s.session_id = p_session_id and s.assurance < 2
                         and s.impersonator_id is null)
       or coalesce(p_transaction, '') in (
            'me_get', 'mfa_get', 'mfa_totp_start', 'mfa_totp_confirm', 'mfa_webauthn_options', 'mfa_webauthn_register',
            'auth_step_up', 'auth_sign_out', 'sessions_revoke') then
        return;
    end if;
    if users.mfa_required(p_tenant_id, p_user_id, p_now) then
        perform platform.fail('WA403', 'insufficient_aal',
            'Your firm demands a second factor: enrol one, or sign in with the one you have',
            null, '{"challenge": "acr_values=\"aal2\""}');
    end if;
end
$$;
