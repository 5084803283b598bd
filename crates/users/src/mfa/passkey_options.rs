//! POST /v1/users/me/mfa/webauthn/options

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::TimeDelta;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use wealth_core::problem;
use wealth_db::{p, sql};
use wealth_http::{App, Enrollee, Result, Row404, json as reply};

use super::own_user;
use crate::one_time::OneTimeToken;
use crate::services::Services;

/// How long a ceremony may take.
pub(super) const MINUTES: i64 = 5;

/// What the browser's API is called with.
#[derive(Serialize, ToSchema)]
pub(crate) struct Ceremony {
    /// Names the ceremony; goes with the answer. Good once, for five minutes.
    pub(super) challenge: OneTimeToken,
    /// `publicKey` of the browser's call, in its JSON form.
    #[schema(value_type = Object)]
    pub(super) options: Value,
}

/// Begin to register a passkey
///
/// The options are for `navigator.credentials.create()`. Takes a fresh sign-in, with a second
/// factor where there is one.
#[utoipa::path(post, path = "/v1/users/me/mfa/webauthn/options",
    operation_id = "mfa_webauthn_options", tag = "mfa",
    responses((status = 200, description = "Options", body = Ceremony)))]
pub(crate) async fn handler(
    State(app): State<App>,
    Extension(services): Extension<Services>,
    principal: Enrollee,
) -> Result<Response> {
    principal.step_up_to_enrol()?;
    let challenge = OneTimeToken::generate()?;
    let (mut options, state) = services.ceremonies.begin_registration(own_user(&principal))?;
    let (hash, expires) = (challenge.hash(), principal.context().now + TimeDelta::minutes(MINUTES));
    let params = [p::bytes(&hash), p::json(&state), p::timestamptz(&expires)];
    let tx = app.db.begin("mfa_webauthn_options", principal.context());
    let rows = tx.query_and_commit(sql!("users", "start_passkey"), &params).await?;
    let row = rows.one_or(&problem::NOT_FOUND)?;
    options["user"]["name"] = json!(row.get::<_, &str>("email"));
    options["user"]["displayName"] = json!(row.get::<_, &str>("display_name"));
    options["excludeCredentials"] = named(&row.get::<_, Vec<String>>("credential_ids"));
    Ok(reply(StatusCode::OK, &Ceremony { challenge, options })?.into_response())
}

/// Credentials as the browser's API lists them.
pub(super) fn named(ids: &[String]) -> Value {
    ids.iter().map(|id| json!({"type": "public-key", "id": id})).collect()
}
