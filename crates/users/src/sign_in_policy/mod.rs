//! How a firm wants its people to sign in.

mod get;
mod put;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wealth_core::violations::Violations;
use wealth_db::Row;
use wealth_http::{Routes, routes};

/// The routes of the policy.
pub(crate) fn router<R: Routes>() -> R {
    R::empty().routes(routes!(get::handler)).routes(routes!(put::handler))
}

/// Whether a second factor is demanded.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Mfa {
    /// Of nobody.
    Off,
    /// Of those who hold one of `mfa_roles`; others may have one.
    Optional,
    /// Of everybody who signs in here.
    Required,
}

/// How a firm wants its people to sign in: every member, so that nothing is switched off by leaving
/// it out.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignInPolicy {
    mfa: Mfa,
    /// The roles of which a second factor is demanded where it is optional.
    #[schema(max_items = 20)]
    mfa_roles: Vec<String>,
    /// A session ends when it was not renewed for so long.
    #[schema(minimum = 5, maximum = 43_200)]
    idle_timeout_minutes: u32,
    /// A session ends so long after the sign-in, whatever happens.
    #[schema(minimum = 15, maximum = 129_600)]
    absolute_lifetime_minutes: u32,
    /// How long an access token works.
    #[schema(minimum = 1, maximum = 60)]
    access_token_minutes: u32,
    /// Fewest characters of a new password.
    #[schema(minimum = 8, maximum = 64)]
    password_min_length: u32,
    /// How many earlier passwords may not come back.
    #[schema(minimum = 0, maximum = 24)]
    password_history: u32,
    /// How fresh a sign-in must be for what is sensitive.
    #[schema(minimum = 1, maximum = 720)]
    step_up_minutes: u32,
    /// Whether security questions are asked when somebody recovers an account (NIST SP 800-63B
    /// advises against it).
    security_questions: bool,
    /// Whether people may join without an invitation.
    self_registration: bool,
}

/// The policy as an answer shows it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SignInPolicyView {
    #[serde(flatten)]
    policy: SignInPolicy,
    /// Null before it is first set.
    updated_at: Option<DateTime<Utc>>,
}

impl SignInPolicy {
    /// Notes every member that is out of its range.
    fn validate(&self) -> Result<(), Violations> {
        let mut v = Violations::new();
        for (pointer, value, min, max) in [
            ("/idle_timeout_minutes", self.idle_timeout_minutes, 5, 43_200),
            ("/absolute_lifetime_minutes", self.absolute_lifetime_minutes, 15, 129_600),
            ("/access_token_minutes", self.access_token_minutes, 1, 60),
            ("/password_min_length", self.password_min_length, 8, 64),
            ("/password_history", self.password_history, 0, 24),
            ("/step_up_minutes", self.step_up_minutes, 1, 720),
        ] {
            if !(min..=max).contains(&value) {
                v.add(pointer, "out_of_range", format!("must lie between {min} and {max}"));
            }
        }
        if self.absolute_lifetime_minutes < self.idle_timeout_minutes {
            let text = "must not be shorter than idle_timeout_minutes";
            v.add("/absolute_lifetime_minutes", "out_of_range", text);
        }
        if self.mfa_roles.len() > 20 {
            v.add("/mfa_roles", "too_many", "may have at most 20 roles");
        }
        for (index, role) in self.mfa_roles.iter().enumerate() {
            if !(1..=100).contains(&role.len()) || role.contains(char::is_control) {
                v.add(format!("/mfa_roles/{index}"), "unknown_value", "must be the name of a role");
            }
        }
        v.into_result(())
    }
}

impl SignInPolicyView {
    fn read(row: &Row) -> Self {
        // The columns' checks keep them far inside the range of both types.
        let number = |name: &str| row.get::<_, i32>(name).unsigned_abs();
        Self {
            policy: SignInPolicy {
                mfa: match row.get("mfa") {
                    "off" => Mfa::Off,
                    "required" => Mfa::Required,
                    _ => Mfa::Optional,
                },
                mfa_roles: row.get("mfa_roles"),
                idle_timeout_minutes: number("idle_timeout_minutes"),
                absolute_lifetime_minutes: number("absolute_lifetime_minutes"),
                access_token_minutes: number("access_token_minutes"),
                password_min_length: number("password_min_length"),
                password_history: number("password_history"),
                step_up_minutes: number("step_up_minutes"),
                security_questions: row.get("security_questions"),
                self_registration: row.get("self_registration"),
            },
            updated_at: row.get("updated_at"),
        }
    }
}
