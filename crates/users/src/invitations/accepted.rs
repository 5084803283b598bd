//! What accepting an invitation came to.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::problem::{self, Code};
use wealth_core::violations::Violations;
use wealth_db::Row;
use wealth_http::{Problem, Result};

/// An invitation that was accepted. Nobody is signed in by it: that is the next call, and the firm's
/// demands of a sign-in hold there.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AcceptedInvitation {
    /// The firm, to be named at sign-in by a member of several.
    tenant_id: Uuid,
    firm: String,
    /// The person's account.
    user_id: Uuid,
    /// Whether the account was made just now.
    new_account: bool,
}

impl AcceptedInvitation {
    /// Reads the row of either way to accept.
    ///
    /// # Errors
    /// The outcome, where it is a refusal.
    pub(super) fn read(row: &Row) -> Result<Self> {
        match row.get::<_, &str>("outcome") {
            outcome @ ("created" | "joined") => Ok(Self {
                tenant_id: row.get("tenant_id"),
                firm: row.get("firm"),
                user_id: row.get("user_id"),
                new_account: outcome == "created",
            }),
            outcome => Err(refused(outcome)),
        }
    }
}

/// One text for a link that was used, revoked, has expired or never was.
pub(super) fn spent() -> Problem {
    let text = "The invitation does not work, or not any more. If you have accepted it, sign in; \
                else ask the firm to send it again.";
    Problem::new(&problem::ONE_TIME_TOKEN_INVALID, text)
}

fn refused(outcome: &str) -> Problem {
    let conflict = |text: &str| Problem::new(&problem::STATE_CONFLICT, text);
    match outcome {
        "one_time_token_invalid" => spent(),
        "wrong_password" => {
            let text = "is not the password of your account on this platform";
            Violations::one("/password", "wrong_password", text).into()
        }
        "duplicate" => {
            Problem::new(&problem::DUPLICATE, "You are a user of this firm already: sign in.")
        }
        "sign_in_elsewhere" => conflict(
            "Your account has no password here. Sign in as you always do, and accept the \
             invitation then.",
        ),
        "other_address" => conflict(
            "The invitation was sent to another address than that of your account. Sign out to \
             accept it, or have one sent to your own.",
        ),
        "directory_account" => conflict(
            "Your firm's directory keeps your account, which is for that firm only. Sign out and \
             accept the invitation with an account of your own.",
        ),
        "state_conflict" => conflict("Your account has changed meanwhile. Try again."),
        other => match Code::find(other) {
            Some(code) => Problem::new(code, code.title),
            None => Problem::internal(format!("accepting an invitation says {other}")),
        },
    }
}
