//! POST /v1/users/me/mfa/totp

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::problem;
use wealth_core::violations::Violations;
use wealth_db::{p, sql};
use wealth_http::{App, Enrollee, Input, Problem, Result, Row404, json};

use super::{label, own_user, totp};
use crate::services::Services;

/// A new authenticator app.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StartTotp {
    /// What to call it; `Authenticator` unless given.
    #[schema(min_length = 1, max_length = 100)]
    label: Option<String>,
}

/// What the app needs. Shown once.
#[derive(Serialize, ToSchema)]
pub(crate) struct TotpEnrolment {
    factor_id: Uuid,
    /// The secret in base32, to be typed.
    secret: String,
    /// The same as an address, to be shown as a QR code.
    otpauth_uri: String,
}

/// Start to enrol an authenticator app
///
/// Gives the secret, once; the factor counts after its first code was confirmed. Starting again
/// takes the place of what was not confirmed. Takes a fresh sign-in, with a second factor where
/// there is one. An Idempotency-Key has no effect here: a stored answer would keep the secret.
#[utoipa::path(post, path = "/v1/users/me/mfa/totp", operation_id = "mfa_totp_start", tag = "mfa",
    request_body = StartTotp,
    responses((status = 201, description = "To be confirmed with a code", body = TotpEnrolment)))]
pub(crate) async fn handler(
    State(app): State<App>,
    Extension(services): Extension<Services>,
    principal: Enrollee,
    input: Input<StartTotp>,
) -> Result<Response> {
    principal.step_up_to_enrol()?;
    let mut v = Violations::new();
    let label = label(input.body.label, "Authenticator", &mut v);
    v.into_result(())?;
    let keys = services.keys.get(&app).await?;
    let (user_id, factor_id, secret) = (own_user(&principal), app.ids.next(), totp::generate()?);
    let sealed = totp::field(user_id, factor_id).seal(&keys, &secret)?;
    let key_version = i32::try_from(sealed.key_version);
    let key_version = key_version.map_err(|_| Problem::internal("a key version out of range"))?;
    let params =
        [p::uuid(&factor_id), p::text(&label), p::bytes(&sealed.bytes), p::int4(&key_version)];
    let tx = app.db.begin("mfa_totp_start", principal.context());
    let rows = tx.query_and_commit(sql!("users", "start_totp"), &params).await?;
    let account: String = rows.one_or(&problem::NOT_FOUND)?.get("account");
    let (secret, otpauth_uri) = totp::provisioning(&secret, &services.ceremonies.name, &account)?;
    Ok(json(StatusCode::CREATED, &TotpEnrolment { factor_id, secret, otpauth_uri })?
        .into_response())
}
