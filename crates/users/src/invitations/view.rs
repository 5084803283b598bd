//! An invitation as administrators see it.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_db::Row;

/// An invitation. Nothing in it says whether the address has an account anywhere.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Invitation {
    /// Names it in the other calls.
    pub(super) invitation_id: Uuid,
    /// Where it was sent.
    #[schema(example = "ada@people.example")]
    email: String,
    /// The roles that it brings.
    roles: Vec<String>,
    /// First instant of the roles; null: when it is accepted.
    effective_from: Option<DateTime<Utc>>,
    /// The first instant at which they are over; null lasts.
    effective_to: Option<DateTime<Utc>>,
    /// What the inviter wrote.
    message: Option<String>,
    /// `waiting`, `accepted`, `revoked`, `expired`, or `inviter_left`: whoever sent it may not
    /// invite any more, so that it cannot be accepted before somebody else sends it again.
    #[schema(example = "waiting")]
    status: String,
    /// Who sent it last and answers for it.
    invited_by: Uuid,
    invited_by_name: String,
    pub(super) created_at: DateTime<Utc>,
    /// When it was sent last.
    sent_at: DateTime<Utc>,
    /// The first instant at which its link does not work any more.
    expires_at: DateTime<Utc>,
    accepted_at: Option<DateTime<Utc>>,
    /// The user that it made.
    accepted_by: Option<Uuid>,
    revoked_at: Option<DateTime<Utc>>,
    /// Counts changes.
    version: i64,
}

impl Invitation {
    pub(super) fn read(row: &Row) -> Self {
        Self {
            invitation_id: row.get("invitation_id"),
            email: row.get("email"),
            roles: row.get("roles"),
            effective_from: row.get("effective_from"),
            effective_to: row.get("effective_to"),
            message: row.get("message"),
            status: row.get("status"),
            invited_by: row.get("invited_by"),
            invited_by_name: row.get("invited_by_name"),
            created_at: row.get("created_at"),
            sent_at: row.get("sent_at"),
            expires_at: row.get("expires_at"),
            accepted_at: row.get("accepted_at"),
            accepted_by: row.get("accepted_by"),
            revoked_at: row.get("revoked_at"),
            version: row.get("version"),
        }
    }
}
