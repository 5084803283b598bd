//! Callers of operations on access itself: accounts, sessions, factors, keys. The operation declares
//! by its argument whom it is open to.

use std::ops::Deref;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use wealth_core::problem;

use crate::app::App;
use crate::principal::Principal;
use crate::problem::Problem;

/// What an API key is told where it has no business.
pub(crate) const NOT_FOR_KEYS: &str =
    "An API key may not manage accounts, sessions, factors or keys.";

/// A caller who is no API key. Much of what somebody does to their own access takes no role, so no
/// scope could hold a key back: it stops at the door.
#[derive(Debug, Clone)]
pub struct Person(Principal);

/// A person whose session may still lack the second factor that the firm demands: who looks at
/// themselves, enrols one, steps up or signs out.
#[derive(Debug, Clone)]
pub struct Enrollee(Principal);

impl FromRequestParts<App> for Person {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let principal = Principal::from_request_parts(parts, app).await?;
        if principal.context().api_key_id.is_some() {
            return Err(Problem::new(&problem::PERMISSION_DENIED, NOT_FOR_KEYS));
        }
        Ok(Self(principal))
    }
}

impl FromRequestParts<App> for Enrollee {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Person(principal) = Person::from_request_parts(parts, app).await?;
        Ok(Self(principal.before_enrolment()))
    }
}

impl Deref for Person {
    type Target = Principal;

    fn deref(&self) -> &Principal {
        &self.0
    }
}

impl Deref for Enrollee {
    type Target = Principal;

    fn deref(&self) -> &Principal {
        &self.0
    }
}
