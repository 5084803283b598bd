//! POST /v1/users/me/mfa/recovery-codes

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use wealth_db::{p, sql};
use wealth_http::{App, Person, Result, json};

use super::recovery::RecoveryCodes;

/// New recovery codes. Shown once.
#[derive(Serialize, ToSchema)]
pub(crate) struct NewRecoveryCodes {
    /// Ten codes, each good for one second step.
    recovery_codes: RecoveryCodes,
}

/// Make new recovery codes
///
/// Those made before are void. Takes a fresh sign-in with a second factor.
#[utoipa::path(post, path = "/v1/users/me/mfa/recovery-codes",
    operation_id = "mfa_recovery_codes_renew", tag = "mfa",
    responses((status = 200, description = "The new codes", body = NewRecoveryCodes)))]
pub(crate) async fn handler(State(app): State<App>, principal: Person) -> Result<Response> {
    principal.step_up()?;
    let (recovery_codes, hashes) = RecoveryCodes::generate()?;
    let tx = app.db.begin("mfa_recovery_codes_renew", principal.context());
    tx.query_and_commit(sql!("users", "renew_recovery_codes"), &[p::texts(&hashes)]).await?;
    Ok(json(StatusCode::OK, &NewRecoveryCodes { recovery_codes })?.into_response())
}
