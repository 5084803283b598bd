//! Second factors: authenticator apps, passkeys, recovery codes; the second step of a sign-in and
//! the step-up of a session.

pub(crate) mod assertion_options;
pub(crate) mod get;
pub(crate) mod passkey_options;
pub(crate) mod passkey_register;
pub(crate) mod passkey_sign_in;
mod proof;
mod recovery;
pub(crate) mod recovery_renew;
pub(crate) mod remove;
pub(crate) mod second_step;
mod session;
pub(crate) mod step_up;
mod totp;
pub(crate) mod totp_confirm;
pub(crate) mod totp_start;
mod webauthn;

use axum::http::{HeaderValue, header};
use uuid::Uuid;
use wealth_core::problem;
use wealth_core::text::{self, Rule};
use wealth_core::violations::Violations;
use wealth_http::{Principal, Problem};

pub use webauthn::Ceremonies;

/// What a person calls a factor.
const LABEL: Rule = Rule { min: 1, max: 100, multiline: false };

fn label(given: Option<String>, default: &str, v: &mut Violations) -> String {
    let given = given.map(|label| text::clean(&label, LABEL, "/label", v).unwrap_or_default());
    given.unwrap_or_else(|| default.to_owned())
}

/// The caller. In somebody else's session it is nobody: factors of other issuers' people are those
/// issuers' affair, and the first statement refuses (`users.own_session`).
fn own_user(principal: &Principal) -> Uuid {
    principal.context().user_id.unwrap_or_default()
}

/// One answer for every proof that is not taken.
fn refused() -> Problem {
    Problem::new(&problem::MFA_VERIFICATION_FAILED, "The proof was not accepted.")
}

/// Too many tries: come back in `wait` seconds.
fn too_many(wait: i32) -> Problem {
    let problem = Problem::new(&problem::RATE_LIMITED, "Too many tries. Wait before the next one.");
    problem.header(header::RETRY_AFTER, HeaderValue::from(wait))
}
