//! POST /v1/auth/sign-out

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use wealth_db::{p, sql};
use wealth_http::{App, Enrollee, Result, no_content};

/// End the session of the credential
///
/// Its access and refresh tokens stop working at once. Other sessions of the person go on.
#[utoipa::path(post, path = "/v1/auth/sign-out", operation_id = "auth_sign_out", tag = "auth",
    responses((status = 204, description = "Ended")), security(("bearer" = [])))]
pub(crate) async fn handler(State(app): State<App>, principal: Enrollee) -> Result<Response> {
    // Reads nothing, but it is one statement that needs no key: done twice it is done.
    let session = principal.context().session_id;
    let tx = app.db.begin("auth_sign_out", principal.context());
    tx.query_and_commit(sql!("users", "sign_out"), &[p::uuid(&session)]).await?;
    Ok(no_content().into_response())
}
