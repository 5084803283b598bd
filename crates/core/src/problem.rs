//! The registry of problem codes: one list for HTTP answers (RFC 9457), SQLSTATE mapping, jobs,
//! imports and feeds. A code, once published, keeps its meaning.

/// One kind of failure.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// Stable name, snake case; the last segment of the problem `type` URI in kebab case.
    pub code: &'static str,
    /// HTTP status.
    pub status: u16,
    /// Short text of the kind, the same for every occurrence.
    pub title: &'static str,
    /// What it means and what the caller should do about it.
    pub meaning: &'static str,
}

impl Code {
    /// Finds a code by its name, as the database reports it.
    pub fn find(code: &str) -> Option<&'static Self> {
        ALL.iter().copied().find(|known| known.code == code)
    }

    /// The name in kebab case, as used in the problem `type` URI.
    pub fn slug(&self) -> String {
        self.code.replace('_', "-")
    }

    /// Whether the same request may succeed later without a change by the caller.
    pub fn is_retryable(&self) -> bool {
        matches!(self.status, 429 | 503) || self.code == IDEMPOTENCY_IN_PROGRESS.code
    }
}

macro_rules! codes {
    ($($name:ident = $code:literal, $status:literal, $title:literal, $meaning:literal;)+) => {
        $(
            #[doc = $meaning]
            pub static $name: Code =
                Code { code: $code, status: $status, title: $title, meaning: $meaning };
        )+

        /// Every code, in the order of the documentation.
        pub static ALL: &[&Code] = &[$(&$name),+];
    };
}

codes! {
    MALFORMED_JSON = "malformed_json", 400, "The body is not valid JSON",
        "The body could not be read as JSON (RFC 8259, UTF-8). Mend the body.";
    MALFORMED_REQUEST = "malformed_request", 400, "The request cannot be read",
        "The path, query, a header or a cursor has the wrong form. The detail names it; mend it.";
    IDEMPOTENCY_KEY_MISSING = "idempotency_key_missing", 400, "Idempotency-Key is required",
        "This write needs an Idempotency-Key header: 1 to 255 visible ASCII characters, new for each intent, the same for its retries.";
    UNAUTHENTICATED = "unauthenticated", 401, "Authentication is required",
        "No valid credentials came with the request. Send a current bearer token of an issuer that the tenant trusts.";
    SESSION_EXPIRED = "session_expired", 401, "The session has ended",
        "The token is past its expiry or its session was ended. Sign in again.";
    MFA_VERIFICATION_FAILED = "mfa_verification_failed", 401, "The proof was not accepted",
        "The code, the passkey's answer or the token of the first step is wrong, spent or too old. Take the next code, or begin again.";
    INVALID_CREDENTIALS = "invalid_credentials", 401, "Address and password do not match",
        "There is no account with this address and this password. Nothing more is said, so that nobody learns who has an account.";
    EMAIL_NOT_VERIFIED = "email_not_verified", 403, "The address is not verified",
        "The password is right, but the link in the mail was not used yet. Have another one sent by POST /v1/auth/verify-email/resend.";
    PASSWORD_CHANGE_REQUIRED = "password_change_required", 403, "A new password must be chosen",
        "The password is right but was marked as known to others. Choose a new one by POST /v1/auth/recover.";
    REGISTRATION_CLOSED = "registration_closed", 403, "Nobody can register alone here",
        "The firm takes in people who were invited, or there is no such firm. Ask its administrator for an invitation.";
    REFRESH_TOKEN_REUSED = "refresh_token_reused", 401, "The refresh token was used before",
        "A refresh token works once; using it again ends the session, because somebody else may hold a copy. Sign in again.";
    TENANT_INACTIVE = "tenant_inactive", 403, "The tenant is not active",
        "The firm's account is suspended or closed. Its administrator must contact the operator.";
    ACCOUNT_INACTIVE = "account_inactive", 403, "The account is not active",
        "The user or the membership in this tenant is disabled. An administrator can enable it.";
    UNKNOWN_IDENTITY = "unknown_identity", 403, "The identity is not linked to a user",
        "The token is genuine but its subject belongs to no user of this tenant. Ask an administrator for an invitation.";
    ROLE_REVOKED = "role_revoked", 403, "A role in the token is no longer granted",
        "The token names a role that was taken away since. Sign in again to get a token with the current roles.";
    PERMISSION_DENIED = "permission_denied", 403, "The role does not allow this",
        "The user is known but none of the user's roles allows the action. Ask an administrator for the role that the detail names.";
    INSUFFICIENT_AAL = "insufficient_aal", 403, "A stronger or fresher sign-in is required",
        "The action asks for a recent proof of who acts, with a second factor. Call POST /v1/auth/step-up, or enrol a factor where there is none, and repeat the request with the new token (RFC 9470).";
    SELF_APPROVAL = "self_approval", 403, "The proposer cannot approve",
        "Four-eyes rule: a change must be decided by someone other than the person who proposed it.";
    NOT_FOUND = "not_found", 404, "Not found",
        "There is no such resource for this tenant. What belongs to another tenant looks exactly the same.";
    PRODUCT_NOT_FOUND = "product_not_found", 404, "Product not found",
        "No product with this id or CUSIP exists for this tenant, or the role may not see it because it is inactive.";
    FEED_NOT_FOUND = "feed_not_found", 404, "Rate feed not found",
        "No rate feed of this name exists for this tenant. An administrator declares it with PUT /v1/rate-feeds/{source}; then batches are taken.";
    AVAILABILITY_NOT_FOUND = "availability_not_found", 404, "Availability window not found",
        "The product has no active availability window with this id. Read its windows again; one that was removed stays removed.";
    IMPORT_NOT_FOUND = "import_not_found", 404, "Import not found",
        "There is no such import, or it has ended already. Read the list of imports; a file that is sent again starts a new one.";
    RATE_CHANGE_NOT_FOUND = "rate_change_not_found", 404, "Rate change not found",
        "No rate change with this id exists for this tenant. Read the list of rate changes.";
    AUDIT_LOG_NOT_SEALED = "audit_log_not_sealed", 404, "The log has no signed head yet",
        "Nothing of this tenant's audit log is sealed yet. The first events are sealed within a minute or two.";
    METHOD_NOT_ALLOWED = "method_not_allowed", 405, "Method not allowed",
        "The resource exists but not for this method. The Allow header lists those that it has.";
    NOT_ACCEPTABLE = "not_acceptable", 406, "No acceptable representation",
        "The Accept header excludes every media type that the resource offers.";
    IDEMPOTENCY_IN_PROGRESS = "idempotency_in_progress", 409, "The same request is being processed",
        "A request with this Idempotency-Key is running. Wait a moment and send it again to get its answer.";
    TENANT_REQUIRED = "tenant_required", 409, "The tenant must be named",
        "The person is a member of several firms, which the member tenants names. Sign in again with the tenant_id of one of them.";
    SECURITY_ANSWERS_REQUIRED = "security_answers_required", 409, "Security questions must be answered",
        "A firm of the person wants security questions answered besides the link. Send the answers to the questions that the member questions names.";
    DUPLICATE = "duplicate", 409, "Already exists",
        "Something with the same unique value exists. The pointer names the field.";
    STATE_CONFLICT = "state_conflict", 409, "The state does not allow this",
        "The resource is not in a state that permits the action, such as deciding a change twice. Read it again.";
    AUDIT_EVENT_NOT_SEALED = "audit_event_not_sealed", 409, "The event is not sealed yet",
        "No signed head is over the event, or the one that was asked for is smaller. Ask again in a minute, or for the last head.";
    CHAIN_BROKEN = "chain_broken", 409, "The audit log is not what was signed",
        "Events, tiles or heads of the log do not agree with what was signed of it. Have it verified from the archive: wealth audit verify names the first bad event.";
    RATE_WINDOW_OVERLAP = "rate_window_overlap", 409, "The rate window overlaps another",
        "Two rates would be in force for one product on the same day. Choose other dates or correct the existing rate.";
    RATE_OVERRIDE_OVERLAP = "rate_override_overlap", 409, "The override overlaps another",
        "The account has a rate of its own for this product on one of these days already. End that one first.";
    RATE_GAP = "rate_gap", 409, "The change would leave a gap",
        "Between two rates a day would be left without a rate. Choose dates that touch.";
    AVAILABILITY_OVERLAP = "availability_overlap", 409, "The availability window overlaps another",
        "An active window of the product covers one of these days already. Change or end that window first.";
    APPOINTMENT_OVERLAP = "appointment_overlap", 409, "The appointment overlaps another",
        "The person has an appointment by this insurer, in this state and for this line, on one of these days already. Change that one.";
    PRODUCT_NOT_AVAILABLE = "product_not_available", 409, "The product is not available",
        "The product is inactive or has no availability window on the date asked for.";
    COMPARISON_DIFFERS = "comparison_differs", 409, "The comparison cannot be reproduced",
        "The facts recorded for the comparison no longer give what was shown. The stored answer stands; have the audit log examined.";
    APPROVAL_REQUIRED = "approval_required", 409, "A second person must approve",
        "The change exceeds the tenant's tolerance. Propose it as a rate change, then let another administrator approve it.";
    RATE_CHANGED = "rate_changed", 409, "The rate has changed since the proposal",
        "The rate in force is no longer the one that the proposal was made against. Reject it and propose it anew.";
    RATES_CHANGED = "rates_changed", 409, "The rates changed meanwhile",
        "A product or its rate changed between reading and saving, so nothing was saved. Send the request again.";
    NOTHING_DUE = "nothing_due", 409, "Nothing is due",
        "No record of this table has reached the end of its retention that nothing holds. GET the record's retention for its date.";
    LEGAL_HOLD = "legal_hold", 409, "A legal hold is over it",
        "Nothing under a legal hold is deleted. GET /v1/audit/legal-holds lists the holds; each is released by a second person.";
    IN_USE = "in_use", 409, "Other records depend on it",
        "The record is referred to by others that must be kept. Retire it instead.";
    VERSION_CONFLICT = "version_conflict", 412, "The resource has changed",
        "If-Match names a version that is not the current one. Read the resource again, reapply the change, and send the new ETag.";
    LAST_ADMINISTRATOR = "last_administrator", 409, "The last administrator must stay",
        "The change would leave the firm without an active administrator. Give the role to somebody else first.";
    PAYLOAD_TOO_LARGE = "payload_too_large", 413, "The body is too large",
        "The body exceeds the limit of this operation, which the detail states. Split it, or use the command-line import.";
    URI_TOO_LONG = "uri_too_long", 414, "The address is too long",
        "Path and query together exceed the limit. Shorten the filters.";
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type", 415, "Unsupported media type",
        "The Content-Type is not one that this operation reads. The detail lists those that it does.";
    VALIDATION_FAILED = "validation_failed", 422, "The input is not valid",
        "One or more fields break a rule. errors[] lists all of them by JSON pointer; mend them together.";
    CUSIP_INVALID = "cusip_invalid", 422, "Not a valid CUSIP",
        "A CUSIP has nine characters, the last of which is a check digit (ANSI X9.6). Compare it with its source.";
    ONE_TIME_TOKEN_INVALID = "one_time_token_invalid", 422, "The link or code does not work",
        "It was used, has expired, was tried too often or was never made. Have a new one sent.";
    IDEMPOTENCY_MISMATCH = "idempotency_mismatch", 422, "The Idempotency-Key was used for another request",
        "The key belongs to a request with another body, method or path. Use a new key for a new intent.";
    PRECONDITION_REQUIRED = "precondition_required", 428, "If-Match is required",
        "Changing this resource needs the ETag that the caller last saw, in If-Match, so that no update is lost.";
    RATE_LIMITED = "rate_limited", 429, "Too many requests",
        "The caller exceeded its allowance. Wait as long as Retry-After says.";
    HEADER_TOO_LARGE = "header_too_large", 431, "The headers are too large",
        "One header or all of them together exceed the limit. Send fewer or shorter headers.";
    INTERNAL_ERROR = "internal_error", 500, "An internal error",
        "The platform failed in a way it should not. Report the request_id; retrying a write with the same Idempotency-Key is safe.";
    DEPENDENCY_UNAVAILABLE = "dependency_unavailable", 503, "A dependency is unavailable",
        "The database or another service did not answer in time. Nothing is wrong with the request; retry after Retry-After.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_snake_case_and_explained() {
        let mut seen = std::collections::HashSet::new();
        for code in ALL {
            assert!(seen.insert(code.code), "{} twice", code.code);
            assert!(code.code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'));
            assert!((400..600).contains(&code.status), "{}", code.code);
            assert!(code.meaning.ends_with('.') && code.meaning.len() > 40, "{}", code.code);
            assert!(!code.title.ends_with('.'), "{}", code.code);
        }
    }

    #[test]
    fn a_code_is_found_by_name() {
        assert_eq!(Code::find("rate_gap"), Some(&RATE_GAP));
        assert_eq!(Code::find("nonsense"), None);
        assert_eq!(RATE_GAP.slug(), "rate-gap");
    }

    #[test]
    fn only_what_may_heal_by_itself_is_retryable() {
        assert!(DEPENDENCY_UNAVAILABLE.is_retryable() && IDEMPOTENCY_IN_PROGRESS.is_retryable());
        assert!(!INTERNAL_ERROR.is_retryable() && !RATE_GAP.is_retryable());
    }
}
