grant execute on function users.find_issuer(text, text) to app_read_write;
-- Every function meets tokens.
grant execute on function users.meet_token(uuid, text, text, text, text[], timestamptz, jsonb) to app_read_write;
grant execute on function users.put_identity_provider(uuid, jsonb) to app_admin;
grant execute on function
    users.put_member(uuid, uuid, text, text, text, text, text, text, text[], text) to app_admin;
grant update on users.users to app_admin;
grant insert, update, delete on users.memberships, users.user_roles, users.user_sessions to app_admin;
grant execute on function users.find_member(text, text) to app_read_write;
grant execute on function users.require_step_up(integer, timestamptz, boolean) to app_read_write;

grant execute on function
    users.jwks(),
    users.register_signing_key(text, text, jsonb),
    users.open_session(uuid, uuid, jsonb, jsonb)
    to users_service;
-- Every function meets API keys.
grant execute on function users.find_api_key(uuid, uuid, bytea, jsonb) to app_read_write;
-- And turns callers away.
grant execute on function users.record_refusal(uuid, uuid, text, text, integer, jsonb, jsonb) to app_read_write;
grant execute on function
    users.create_api_key(uuid, jsonb, boolean),
    users.rotate_api_key(uuid, jsonb, integer, boolean),
    users.revoke_api_key(uuid, boolean),
    users.introspect_api_key(uuid, bytea),
    users.end_api_key(uuid, uuid, text, jsonb),
    users.rotate_refresh_token(uuid, uuid, integer, text, text, jsonb),
    users.end_session(uuid, uuid, jsonb),
    users.revoke_sessions(uuid, uuid, uuid, text, boolean)
    to users_service;

-- Local sign-in, and the mail that goes with it.
grant execute on function
    users.begin_sign_in(text, text, jsonb),
    users.sp_authenticate_user(text, text, boolean, jsonb, jsonb, jsonb),
    users.sign_out(uuid),
    users.begin_registration(text, jsonb),
    users.sp_register_user(uuid, jsonb, jsonb, jsonb),
    users.send_link(text, text, jsonb, jsonb),
    users.verification_facts(bytea, jsonb),
    users.verify_email(bytea, boolean, text, jsonb),
    users.recovery_facts(bytea, jsonb),
    users.complete_recovery(bytea, text, text, jsonb),
    users.password_facts(text),
    users.change_password(text, text, text, uuid),
    users.put_security_questions(text, text, jsonb)
    to users_service;

-- Second factors.
grant execute on function
    users.begin_second_step(bytea, text, bytea, bytea, jsonb),
    users.finish_second_step(bytea, jsonb, jsonb),
    users.begin_step_up(text, bytea, bytea),
    users.finish_step_up(jsonb, text[]),
    users.start_totp(uuid, text, bytea, integer),
    users.begin_totp_confirmation(uuid),
    users.confirm_totp(uuid, bigint, text[], text[]),
    users.remove_factor(uuid),
    users.renew_recovery_codes(text[]),
    users.my_mfa(),
    users.start_passkey(bytea, jsonb, timestamptz),
    users.take_passkey_registration(bytea),
    users.add_passkey(uuid, bytea, jsonb, text, text[], text[]),
    users.start_assertion(bytea, jsonb, timestamptz, bytea, jsonb),
    users.begin_passkey_sign_in(bytea, bytea, jsonb),
    users.finish_passkey_sign_in(uuid, text, jsonb, jsonb)
    to users_service;

-- Hashes, secrets and what is not yet anybody's business: through the owner's functions, and for nobody to read.
revoke select on
    users.password_credentials, users.password_history, users.security_questions, users.mfa_settings,
    users.totp_factors, users.recovery_codes, users.webauthn_credentials, users.one_time_tokens, users.throttles,
    users.signing_keys, users.directory_events, users.mail_queue
    from app_read_only, app_read_write, app_admin;
-- The rest of these rows is for the firm to read, the hashes in them are not.
revoke select on users.api_keys, users.invitations, users.event_hooks, users.user_sessions
    from app_read_only, app_read_write, app_admin;
grant select (tenant_id, api_key_id, user_id, name, prefix, scopes, created_by, created_at, expires_at, last_used_at,
              last_used_ip, replaced_by, revoked_at, revoke_reason, version)
    on users.api_keys to app_read_only, app_read_write, app_admin;
grant select (tenant_id, invitation_id, email, roles, effective_from, effective_to, message, invited_by, created_at,
              sent_at, expires_at, accepted_at, accepted_by, revoked_at, version)
    on users.invitations to app_read_only, app_read_write, app_admin;
grant select (tenant_id, hook_id, provider, is_active, created_at, updated_at, version)
    on users.event_hooks to app_read_only, app_read_write, app_admin;
grant select (tenant_id, session_id, user_id, okta_session_id, ip_address, user_agent, device, login_time, last_activity,
              logout_time, expires_at, absolute_expires_at, revoked_at, revoke_reason, is_active, assurance, methods,
              authenticated_at, rotated_at, refresh_counter, impersonator_id, impersonation_reason)
    on users.user_sessions to app_read_only, app_read_write, app_admin;

grant execute on function
    users.update_profile(jsonb, bigint),
    users.auth_policy(),
    users.put_auth_policy(jsonb, bigint),
    users.impersonate(uuid, uuid, text),
    users.end_impersonation(uuid)
    to users_service;
grant execute on function
    users.put_own_identity_provider(uuid, jsonb, bigint),
    users.delete_identity_provider(uuid, bigint, text)
    to users_service;
grant execute on function
    users.create_event_hook(uuid, bytea),
    users.rotate_event_hook(uuid, bytea, boolean),
    users.delete_event_hook(uuid),
    users.receive_directory_events(uuid, uuid, bytea, jsonb, jsonb)
    to users_service;
grant execute on function
    users.may_invite(uuid, uuid, text[], timestamptz),
    users.create_invitation(uuid, jsonb, jsonb),
    users.resend_invitation(uuid, jsonb),
    users.revoke_invitation(uuid),
    users.invitation_facts(bytea, jsonb),
    users.accept_invitation(bytea, jsonb, jsonb),
    users.accept_own_invitation(bytea)
    to users_service;
-- Invoker's rights all the way down: what it reads, the caller could.
grant execute on function users.roles_held(uuid, uuid, timestamptz) to users_service;
-- For the command line: no operation over HTTP reaches it.
grant execute on function users.import_people(jsonb) to users_service;
