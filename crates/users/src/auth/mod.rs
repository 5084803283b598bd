//! Signing in with a password of the platform's own, and the ways around it. What these calls answer
//! is the same for an address that has an account and one that has none, in status, body and work done.

pub(crate) mod complete_recovery;
mod hold;
mod link;
pub(crate) mod recover;
pub(crate) mod register;
pub(crate) mod resend_verification;
pub(crate) mod sign_in;
pub(crate) mod sign_out;
pub(crate) mod verify_email;

use serde::Serialize;
use utoipa::ToSchema;
use wealth_core::text;
use wealth_core::violations::Violations;

pub(crate) use hold::Hold;
pub(crate) use link::Link;

/// What is answered whatever became of it.
#[derive(Serialize, ToSchema)]
pub(crate) struct Accepted {
    /// Always `accepted`; what else there is to say goes by mail.
    #[schema(example = "accepted")]
    status: &'static str,
}

impl Accepted {
    pub(crate) const ANSWER: Self = Self { status: "accepted" };
}

/// The name of a tenant in a body: its id or its public code.
pub(crate) fn tenant_name(text: Option<&str>, violations: &mut Violations) -> Option<String> {
    const CODE: text::Rule = text::Rule { min: 1, max: 64, multiline: false };
    text.and_then(|text| text::clean(text, CODE, "/tenant", violations))
}

/// SHA-256 of a hash in hex, as the functions compare it: whether it is still the one that was checked.
pub(crate) fn seen(hash: Option<&str>) -> Option<String> {
    use aws_lc_rs::digest::{SHA256, digest};
    hash.map(|hash| crate::one_time::hex(digest(&SHA256, hash.as_bytes()).as_ref()))
}
