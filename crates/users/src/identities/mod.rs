//! How a member signs in: pairs of issuer and subject, of any provider side by side, never an
//! e-mail (ASVS 6.8.1).

mod link;
mod list;
mod own;
mod unlink;

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_db::Row;
use wealth_http::{Routes, routes};

/// The routes of this part.
pub(crate) fn router<R: Routes>() -> R {
    R::empty()
        .routes(routes!(own::handler))
        .routes(routes!(list::handler, link::handler))
        .routes(routes!(unlink::handler))
}

/// A sign-in that leads to a person.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Identity {
    identity_id: Uuid,
    /// Whom it leads to.
    user_id: Uuid,
    /// `okta`, `cognito`, `oidc` or `local`.
    #[schema(example = "okta")]
    provider: String,
    /// `iss` of its tokens.
    issuer: String,
    /// `sub` of its tokens.
    subject: String,
    /// When it was linked.
    created_at: DateTime<Utc>,
}

impl Identity {
    fn read(row: &Row) -> Self {
        Self {
            identity_id: row.get("identity_id"),
            user_id: row.get("user_id"),
            provider: row.get("provider"),
            issuer: row.get("issuer"),
            subject: row.get("subject"),
            created_at: row.get("created_at"),
        }
    }
}
