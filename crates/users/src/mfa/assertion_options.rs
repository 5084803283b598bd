//! POST /v1/auth/webauthn/options

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::TimeDelta;
use serde::Deserialize;
use utoipa::ToSchema;
use wealth_core::Checked;
use wealth_core::violations::Violations;
use wealth_db::{p, sql};
use wealth_http::{App, Input, Result, Visitor, json};

use super::passkey_options::{Ceremony, MINUTES, named};
use super::{refused, too_many};
use crate::one_time::OneTimeToken;
use crate::services::Services;

/// What the passkey is to be shown for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AskForPasskey {
    /// What the first step of a sign-in answered. Without it any passkey of this site will do: for
    /// a sign-in by passkey alone, or for a step-up.
    #[schema(value_type = Option<String>)]
    mfa_token: Option<Checked<OneTimeToken>>,
}

/// Ask for a passkey
///
/// The options are for `navigator.credentials.get()`.
#[utoipa::path(post, path = "/v1/auth/webauthn/options", operation_id = "auth_webauthn_options",
    tag = "auth", security(()), request_body = AskForPasskey,
    responses((status = 200, description = "Options", body = Ceremony)))]
pub(crate) async fn handler(
    State(app): State<App>,
    Extension(services): Extension<Services>,
    visitor: Visitor,
    input: Input<AskForPasskey>,
) -> Result<Response> {
    let mut v = Violations::new();
    let mfa_token = input.body.mfa_token.and_then(|token| token.optional("/mfa_token", &mut v));
    v.into_result(())?;
    let challenge = OneTimeToken::generate()?;
    let (mut options, state) = services.ceremonies.begin_assertion()?;
    let (hash, expires) = (challenge.hash(), visitor.now + TimeDelta::minutes(MINUTES));
    let (mfa_hash, caller) =
        (mfa_token.map(|token| token.hash()), visitor.describe("auth_webauthn_options"));
    let params = [
        p::bytes(&hash),
        p::json(&state),
        p::timestamptz(&expires),
        p::bytes(&mfa_hash),
        p::json(&caller),
    ];
    let rows = visitor.query(&app, sql!("users", "start_assertion"), &params).await?;
    let row = rows.first().ok_or_else(refused)?;
    let wait: i32 = row.get("wait");
    if wait > 0 {
        return Err(too_many(wait));
    }
    options["allowCredentials"] = named(&row.get::<_, Vec<String>>("credential_ids"));
    Ok(json(StatusCode::OK, &Ceremony { challenge, options })?.into_response())
}
