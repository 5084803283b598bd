-- Leaves nothing of a person but the id that the audit trail and the records refer to (C4-02): no name, no address, no
-- credential, no identity. Inner part of remove_member, for people of the firm's own directory.
create or replace function users.forget_person(p_user_id uuid)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    delete from users.user_identities i where i.user_id = p_user_id;
    delete from users.password_credentials c where c.user_id = p_user_id;
    delete from users.password_history h where h.user_id = p_user_id;
    delete from users.security_questions q where q.user_id = p_user_id;
    delete from users.totp_factors f where f.user_id = p_user_id;
    delete from users.webauthn_credentials w where w.user_id = p_user_id;
    delete from users.recovery_codes r where r.user_id = p_user_id;
    delete from users.mfa_settings s where s.user_id = p_user_id;
    delete from users.one_time_tokens o where o.user_id = p_user_id;
    delete from users.user_profiles p where p.user_id = p_user_id;
    update users.users u
       set email = u.user_id::text || '@removed.invalid', first_name = null, last_name = null,
           display_name = 'Removed user', email_verified_at = null, public_code = null, legacy_id = null,
           is_active = false
     where u.user_id = p_user_id;
end
$$;
