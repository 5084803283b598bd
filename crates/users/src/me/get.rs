//! GET /v1/users/me

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::problem;
use wealth_db::sql;
use wealth_http::{App, Enrollee, Result, Row404, json};

/// The person behind the credential, in the tenant that it acts in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Me {
    user_id: Uuid,
    tenant_id: Uuid,
    tenant_name: String,
    email: String,
    first_name: Option<String>,
    last_name: Option<String>,
    display_name: Option<String>,
    /// Whether the address was verified.
    is_verified: bool,
    last_login: Option<DateTime<Utc>>,
    /// The roles held now; the credential may carry fewer.
    roles: Vec<String>,
    /// The session of the credential, where it has one.
    session_id: Option<Uuid>,
}

/// Tell who the caller is
///
/// The person behind the credential, whichever issuer it is of, and the roles held now.
#[utoipa::path(get, path = "/v1/users/me", operation_id = "me_get", tag = "users",
    responses((status = 200, description = "The caller", body = Me)), security(("bearer" = [])))]
pub(crate) async fn handler(State(app): State<App>, principal: Enrollee) -> Result<Response> {
    let rows = app.read("me_get", &principal).query_and_commit(sql!("users", "me"), &[]).await?;
    let row = rows.one_or(&problem::NOT_FOUND)?;
    let me = Me {
        user_id: row.get("user_id"),
        tenant_id: row.get("tenant_id"),
        tenant_name: row.get("tenant_name"),
        email: row.get("email"),
        first_name: row.get("first_name"),
        last_name: row.get("last_name"),
        display_name: row.get("display_name"),
        is_verified: row.get("is_verified"),
        last_login: row.get("last_login"),
        roles: row.get("roles"),
        session_id: principal.context().session_id,
    };
    Ok(json(StatusCode::OK, &me)?.into_response())
}
