//! The people of a firm: who they are and whether they may come in.

mod create;
mod get;
mod list;
mod patch;
mod remove;
mod standing;

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::problem;
use wealth_db::Row;
use wealth_http::{Done, Result, Routes, Row404, json, routes};

use axum::http::StatusCode;
use axum::response::Response;

/// The routes of this part.
pub(crate) fn router<R: Routes>() -> R {
    R::empty()
        .routes(routes!(list::handler, create::handler))
        .routes(routes!(get::by_legacy_id))
        .routes(routes!(get::handler, patch::handler, remove::handler))
        .routes(routes!(standing::deactivate))
        .routes(routes!(standing::reactivate))
}

/// A member of the firm, as administrators see it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct User {
    /// The person.
    user_id: Uuid,
    /// The short id, such as `U001`.
    public_code: Option<String>,
    /// The id in a system that was there before.
    legacy_id: Option<String>,
    /// The address; it identifies nobody at sign-in.
    email: String,
    first_name: Option<String>,
    last_name: Option<String>,
    /// What to call the person.
    name: String,
    /// `Active` or `Inactive`.
    #[schema(example = "Active")]
    status: String,
    /// `active`, `invited`, `suspended` or `ended`.
    membership_status: String,
    /// Where the membership comes from: `manual`, `scim`, `oidc`, `invitation` or `registration`.
    origin: String,
    /// What the firm's directory calls the member.
    user_name: Option<String>,
    /// The directory's id of the member.
    external_id: Option<String>,
    /// Whether the firm keeps this person; else it is an account of the platform that may work for
    /// other firms too.
    in_directory: bool,
    /// Whether the address was verified.
    is_verified: bool,
    /// The last time the person signed in.
    last_login: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    /// The roles held now.
    roles: Vec<String>,
    /// Counts changes; the ETag.
    version: i64,
}

/// A member of the firm, as colleagues without the right to administer see it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MaskedUser {
    /// The person.
    user_id: Uuid,
    /// The short id.
    public_code: Option<String>,
    /// The first letter of the address and of its domain.
    #[schema(example = "a***@m***.example")]
    email: String,
    first_name: Option<String>,
    last_name: Option<String>,
    /// What to call the person.
    name: String,
    /// `Active` or `Inactive`.
    status: String,
    /// The strongest role.
    role: Option<String>,
}

/// A member, as much of it as the caller may see.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum Shown {
    /// For administrators.
    Full(Box<User>),
    /// For everybody else who may see people.
    Masked(MaskedUser),
}

impl User {
    fn read(row: &Row) -> Self {
        Self {
            user_id: row.get("user_id"),
            public_code: row.get("public_code"),
            legacy_id: row.get("legacy_id"),
            email: row.get("email"),
            first_name: row.get("first_name"),
            last_name: row.get("last_name"),
            name: row.get("name"),
            status: row.get("status"),
            membership_status: row.get("membership_status"),
            origin: row.get("origin"),
            user_name: row.get("user_name"),
            external_id: row.get("external_id"),
            in_directory: row.get("in_directory"),
            is_verified: row.get("is_verified"),
            last_login: row.get("last_login"),
            created_at: row.get("created_at"),
            updated_at: row.get("updated_at"),
            roles: row.get("roles"),
            version: row.get("version"),
        }
    }
}

impl MaskedUser {
    fn read(row: &Row) -> Self {
        Self {
            user_id: row.get("user_id"),
            public_code: row.get("public_code"),
            email: row.get("email"),
            first_name: row.get("first_name"),
            last_name: row.get("last_name"),
            name: row.get("name"),
            status: row.get("status"),
            role: row.get("role"),
        }
    }
}

/// Answers with the member that the last statement read.
async fn answer(done: Done, mut answers: Vec<Vec<Row>>) -> Result<Response> {
    let row = answers.pop().unwrap_or_default().one_or(&problem::NOT_FOUND)?;
    let user = User::read(&row);
    done.reply(json(StatusCode::OK, &user)?.etag(user.version)).await
}
