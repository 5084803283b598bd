-- The dotted past-tense name of a documented action (S0-97, S0-98, X-21); other names pass through.
create or replace function audit.canonical_action(p_action text)
returns text
language sql immutable parallel safe
as $$
    select case p_action
        when 'CREATE_PRODUCT' then 'product.created'
        when 'UPDATE_PRODUCT' then 'product.updated'
        when 'DEACTIVATE_PRODUCT' then 'product.deactivated'
        when 'REACTIVATE_PRODUCT' then 'product.reactivated'
        when 'UPDATE_PRODUCT_RATES' then 'product.rates_updated'
        when 'IMPORT_PRODUCTS' then 'products.imported'
        when 'PUBLISH_TERMS' then 'terms.published'
        when 'COMPARE_PRODUCTS' then 'comparison.created'
        when 'REQUEST_RATE_CHANGE' then 'rate_change.requested'
        when 'APPROVE_RATE_CHANGE' then 'rate_change.approved'
        when 'REJECT_RATE_CHANGE' then 'rate_change.rejected'
        when 'INGEST_RATES' then 'rates.ingested'
        when 'LOGIN' then 'session.opened'
        when 'LOGOUT' then 'session.closed'
        when 'REGISTER' then 'user.registered'
        when 'PASSWORD_REHASHED' then 'password.rehashed'
        when 'PASSWORD_CHANGED' then 'password.changed'
        when 'PASSWORD_RECOVERED' then 'password.recovered'
        when 'RECOVERY_REQUESTED' then 'password.recovery_requested'
        when 'VERIFICATION_REQUESTED' then 'user.verification_requested'
        when 'EMAIL_VERIFIED' then 'user.email_verified'
        when 'SESSIONS_ENDED' then 'user.sessions_ended'
        when 'SECURITY_QUESTIONS_CHANGED' then 'user.security_questions_changed'
        when 'API_KEY_CREATED' then 'api_key.created'
        when 'API_KEY_ROTATED' then 'api_key.rotated'
        when 'API_KEY_REVOKED' then 'api_key.revoked'
        when 'REFRESH_TOKEN_REUSED' then 'session.refresh_token_reused'
        when 'SESSION_REVOKED' then 'session.revoked'
        when 'ACCESS_ENDED' then 'user.access_ended'
        when 'MFA_ENROLLED' then 'mfa.enrolled'
        when 'MFA_REMOVED' then 'mfa.removed'
        when 'MFA_CHALLENGE' then 'mfa.challenged'
        when 'RECOVERY_CODES_MADE' then 'mfa.recovery_codes_made'
        when 'RECOVERY_CODE_USED' then 'mfa.recovery_code_used'
        when 'STEP_UP' then 'session.stepped_up'
        when 'EVENT_HOOK_ROTATED' then 'event_hook.rotated'
        when 'IMPERSONATION_STARTED' then 'impersonation.started'
        when 'IMPERSONATION_ENDED' then 'impersonation.ended'
        else case when p_action ~ '^[A-Z0-9_]+$' then lower(p_action) else p_action end
    end
$$;
