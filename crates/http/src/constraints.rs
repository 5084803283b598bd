//! From the names of the schema to problems: constraint names and the codes our SQL functions
//! raise are part of the API, so the mapping stands in one place.

use wealth_core::problem::{self, Code};
use wealth_db::{Constraint, Rejection};

use crate::problem::Problem;

/// A constraint the caller can do something about.
struct Known {
    name: &'static str,
    code: &'static Code,
    pointer: &'static str,
    message: &'static str,
}

const fn known(
    name: &'static str,
    code: &'static Code,
    pointer: &'static str,
    message: &'static str,
) -> Known {
    Known { name, code, pointer, message }
}

static KNOWN: &[Known] = &[
    known(
        "idx_products_cusip",
        &problem::DUPLICATE,
        "/cusip",
        "A product with this CUSIP exists already.",
    ),
    known(
        "idx_products_isin",
        &problem::DUPLICATE,
        "/isin",
        "A product with this ISIN exists already.",
    ),
    known(
        "product_availability_no_overlap",
        &problem::AVAILABILITY_OVERLAP,
        "/start_date",
        "The window overlaps another active window of this product.",
    ),
    known(
        "producer_appointments_no_overlap",
        &problem::APPOINTMENT_OVERLAP,
        "/start_date",
        "The person is appointed on one of these days already.",
    ),
    known(
        "producer_appointments_period_check",
        &problem::VALIDATION_FAILED,
        "/end_date",
        "The appointment would end before it starts.",
    ),
    known(
        "recommendations_item_fkey",
        &problem::VALIDATION_FAILED,
        "/product_id",
        "The product is none of those that were compared.",
    ),
    known(
        "recommendation_decisions_four_eyes_check",
        &problem::SELF_APPROVAL,
        "",
        "A recommendation is reviewed by a second person.",
    ),
    known(
        "check_date_range",
        &problem::VALIDATION_FAILED,
        "/end_date",
        "The window would end before it starts.",
    ),
    known(
        "rate_history_no_overlap",
        &problem::RATE_WINDOW_OVERLAP,
        "/effective_date",
        "Two rates would be in force on the same day.",
    ),
    known(
        "rate_overrides_no_overlap",
        &problem::RATE_OVERRIDE_OVERLAP,
        "/effective_date",
        "The account has a rate of its own on one of these days already.",
    ),
    known(
        "rate_overrides_four_eyes_check",
        &problem::SELF_APPROVAL,
        "",
        "An override needs a second person.",
    ),
    known(
        "rate_changes_four_eyes_check",
        &problem::SELF_APPROVAL,
        "",
        "A rate change needs a second person.",
    ),
    known("idx_memberships_user_name", &problem::DUPLICATE, "/userName", "userName is taken."),
    known("idx_groups_display_name", &problem::DUPLICATE, "/displayName", "displayName is taken."),
    known(
        "webauthn_credentials_credential_key",
        &problem::DUPLICATE,
        "/credential",
        "This passkey is registered already.",
    ),
    known(
        "idx_users_email",
        &problem::DUPLICATE,
        "/email",
        "A person with this e-mail exists already.",
    ),
    known("idx_memberships_user_name", &problem::DUPLICATE, "/user_name", "The name is taken."),
    known(
        "idx_users_public_code",
        &problem::DUPLICATE,
        "/public_code",
        "A person with this code exists already.",
    ),
    known(
        "idx_users_legacy_id",
        &problem::DUPLICATE,
        "/legacy_id",
        "A person with this id exists already.",
    ),
    known(
        "idx_user_roles_unique",
        &problem::DUPLICATE,
        "/role_name",
        "The user has this role already.",
    ),
    known(
        "user_roles_no_overlap",
        &problem::DUPLICATE,
        "/effective_from",
        "Another grant of this role covers part of the time.",
    ),
    known(
        "idx_group_role_mappings_unique",
        &problem::DUPLICATE,
        "/group_name",
        "The group gives this role already.",
    ),
    known(
        "rate_history_no_gap",
        &problem::RATE_GAP,
        "/effective_date",
        "There would be days without a rate.",
    ),
];

/// The problem for a violated constraint.
pub(crate) fn violated(constraint: &Constraint) -> Problem {
    if let Some(known) = KNOWN.iter().find(|known| known.name == constraint.name) {
        return Problem::new(known.code, known.message).at(
            known.pointer,
            known.code.code,
            known.message,
        );
    }
    let cause = format!("{} violated {}", constraint.sqlstate, constraint.name);
    match constraint.sqlstate.as_str() {
        "23505" | "23P01" => {
            Problem::new(&problem::DUPLICATE, "The same thing exists already.").because(cause)
        }
        "23503" => Problem::new(&problem::STATE_CONFLICT, "It refers to something that is gone.")
            .because(cause),
        // A check that the validation in front should have caught: bad input all the same.
        _ => Problem::new(&problem::VALIDATION_FAILED, "A value is outside what is allowed.")
            .because(cause),
    }
}

/// The problem for a refusal raised by one of our functions.
pub(crate) fn rejected(rejection: Rejection) -> Problem {
    let by_name = rejection.code.as_deref().and_then(Code::find);
    let code = by_name.unwrap_or_else(|| by_state(&rejection.sqlstate));
    let problem = match code.status {
        // One text for "never was" and "another tenant's".
        404 => return Problem::not_found(code),
        401 => {
            return Problem::new(code, "The bearer token is not accepted.")
                .because(rejection.message)
                .header(
                    axum::http::header::WWW_AUTHENTICATE,
                    axum::http::HeaderValue::from_static("Bearer error=\"invalid_token\""),
                );
        }
        _ => Problem::new(code, rejection.message.clone()),
    };
    let problem = match rejection.challenge.as_deref().map(challenge) {
        Some(Ok(challenge)) => problem.header(axum::http::header::WWW_AUTHENTICATE, challenge),
        _ => problem,
    };
    match rejection.pointer {
        // The function's own word for the field, such as `reason_required`, under the problem's.
        Some(pointer) => {
            let word = rejection.code.unwrap_or_else(|| code.code.to_owned());
            problem.at(&pointer, word, &rejection.message)
        }
        None => problem,
    }
}

/// RFC 9470 §3: what a stronger or fresher sign-in would have to be.
fn challenge(
    parameters: &str,
) -> Result<axum::http::HeaderValue, axum::http::header::InvalidHeaderValue> {
    format!("Bearer error=\"insufficient_user_authentication\", {parameters}").try_into()
}

fn by_state(sqlstate: &str) -> &'static Code {
    match sqlstate {
        "WA401" => &problem::UNAUTHENTICATED,
        "WA403" => &problem::PERMISSION_DENIED,
        "WA404" => &problem::NOT_FOUND,
        "WA409" => &problem::STATE_CONFLICT,
        "WA412" => &problem::VERSION_CONFLICT,
        "WA422" => &problem::VALIDATION_FAILED,
        _ => &problem::INTERNAL_ERROR,
    }
}
