//! Roles of a member: who granted what, from when until when.

mod change;
mod end;
mod grant;
mod list;

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_db::Row;
use wealth_http::{Routes, routes};

/// The routes of this part.
pub(crate) fn router<R: Routes>() -> R {
    R::empty()
        .routes(routes!(list::handler, grant::handler))
        .routes(routes!(change::handler, end::handler))
}

/// A role held from an instant to an instant.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserRole {
    /// The grant.
    user_role_id: Uuid,
    /// Who holds it.
    user_id: Uuid,
    /// The role.
    #[schema(example = "SalesManager")]
    role_name: String,
    /// Where the grant comes from: `manual`, `scim` or `oidc`.
    #[schema(example = "manual")]
    origin: String,
    /// The group of the directory that gives it; none for a grant by hand.
    group_name: Option<String>,
    /// First instant.
    effective_from: DateTime<Utc>,
    /// The first instant at which it is over; null lasts.
    effective_to: Option<DateTime<Utc>>,
    /// When it was granted.
    assigned_at: DateTime<Utc>,
    /// By whom.
    assigned_by: Option<String>,
    /// Why.
    reason: Option<String>,
    /// Who ended it.
    ended_by: Option<String>,
    /// Counts changes; the ETag.
    version: i64,
}

impl UserRole {
    fn read(row: &Row) -> Self {
        Self {
            user_role_id: row.get("user_role_id"),
            user_id: row.get("user_id"),
            role_name: row.get("role_name"),
            origin: row.get("origin"),
            group_name: row.get("group_name"),
            effective_from: row.get("effective_from"),
            effective_to: row.get("effective_to"),
            assigned_at: row.get("assigned_at"),
            assigned_by: row.get("assigned_by"),
            reason: row.get("reason"),
            ended_by: row.get("ended_by"),
            version: row.get("version"),
        }
    }
}
