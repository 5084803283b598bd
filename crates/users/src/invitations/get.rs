//! GET /v1/invitations/{invitation_id}

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use uuid::Uuid;
use wealth_core::authz::ManageUsers;
use wealth_core::problem;
use wealth_db::{p, sql};
use wealth_http::{App, PathParams, Person, Purpose, Result, Row404, json};

use super::view::Invitation;

/// Get an invitation
///
/// Its link is in the mail and nowhere else.
#[utoipa::path(get, path = "/v1/invitations/{invitation_id}", operation_id = "invitations_get",
    tag = "invitations",
    params(("invitation_id" = Uuid, Path, description = "The invitation"), ("X-Purpose" = Option<String>, Header, description = "What for, in one line; kept in the audit log")),
    responses((status = 200, description = "The invitation", body = Invitation)),
    security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Person,
    PathParams(id): PathParams<Uuid>,
    purpose: Purpose,
) -> Result<Response> {
    principal.authorize::<ManageUsers>()?;
    let params = [p::uuid(&id), p::text(&None::<&str>)];
    let about = serde_json::json!({"invitation_id": id});
    let read = app.personal("invitations_get", &principal, purpose, &about);
    let rows = read.query_and_commit(sql!("users", "invitation_get"), &params).await?;
    let invitation = Invitation::read(&rows.one_or(&problem::NOT_FOUND)?);
    Ok(json(StatusCode::OK, &invitation)?.into_response())
}
