//! DELETE /v1/users/me/mfa/{factor_id}

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use uuid::Uuid;
use wealth_db::{p, sql};
use wealth_http::{App, PathParams, Person, Result, no_content};

/// Remove a second factor
///
/// With the last one its recovery codes go. Takes a fresh sign-in with a second factor. Refused
/// where the firm demands one and this is the last.
#[utoipa::path(delete, path = "/v1/users/me/mfa/{factor_id}", operation_id = "mfa_factor_remove",
    tag = "mfa", params(("factor_id" = Uuid, Path, description = "The factor")),
    responses((status = 204, description = "It is gone")))]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Person,
    PathParams(factor_id): PathParams<Uuid>,
) -> Result<Response> {
    principal.step_up()?;
    let tx = app.db.begin("mfa_factor_remove", principal.context());
    tx.query_and_commit(sql!("users", "remove_factor"), &[p::uuid(&factor_id)]).await?;
    Ok(no_content().into_response())
}
