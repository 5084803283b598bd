//! POST /v1/users/me/mfa/webauthn

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use wealth_core::violations::Violations;
use wealth_core::{Checked, problem};
use wealth_db::{p, sql};
use wealth_http::{App, Enrollee, Input, Problem, Result, Row404, json};
use webauthn_rs::prelude::RegisterPublicKeyCredential;

use super::label;
use super::proof::Method;
use super::recovery::RecoveryCodes;
use super::session::raised;
use super::totp_confirm::Enrolled;
use super::webauthn::credential_of;
use crate::one_time::OneTimeToken;
use crate::services::Services;

/// A new passkey.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RegisterPasskey {
    /// What `POST /v1/users/me/mfa/webauthn/options` gave.
    #[serde(default)]
    #[schema(value_type = String, required = true)]
    challenge: Checked<OneTimeToken>,
    /// What to call it; `Passkey` unless given.
    #[schema(min_length = 1, max_length = 100)]
    label: Option<String>,
    /// What `navigator.credentials.create()` gave, as JSON.
    #[schema(value_type = Object, required = true)]
    credential: Option<Value>,
}

struct NewOne {
    challenge: OneTimeToken,
    label: String,
    credential: RegisterPublicKeyCredential,
}

impl RegisterPasskey {
    fn validate(self) -> std::result::Result<Option<NewOne>, Violations> {
        let mut v = Violations::new();
        let challenge = self.challenge.required("/challenge", &mut v);
        let label = label(self.label, "Passkey", &mut v);
        let credential = credential_of(self.credential, &mut v);
        let both = challenge.zip(credential);
        v.into_result(both.map(|(challenge, credential)| NewOne { challenge, label, credential }))
    }
}

/// Register a passkey
///
/// It counts at once: it was made by a person who was verified by the device.
#[utoipa::path(post, path = "/v1/users/me/mfa/webauthn", operation_id = "mfa_webauthn_register",
    tag = "mfa", request_body = RegisterPasskey,
    responses((status = 201, description = "The factor counts", body = Enrolled)))]
pub(crate) async fn handler(
    State(app): State<App>,
    Extension(services): Extension<Services>,
    principal: Enrollee,
    input: Input<RegisterPasskey>,
) -> Result<Response> {
    principal.step_up_to_enrol()?;
    let Some(NewOne { challenge, label, credential }) = input.body.validate()? else {
        return Err(Problem::internal("a passkey without its parts"));
    };
    // In a transaction of its own: the ceremony is used up whatever comes of it.
    let hash = challenge.hash();
    let tx = app.db.begin("mfa_webauthn_register", principal.context());
    let query = sql!("users", "take_passkey_registration");
    let rows = tx.query_and_commit(query, &[p::bytes(&hash)]).await?;
    let made =
        rows.first().and_then(|row| services.ceremonies.register(&credential, row.get("state")));
    let made = made.ok_or_else(not_right)?;
    let factor_id = app.ids.next();
    let (codes, hashes) = RecoveryCodes::generate()?;
    let methods = Method::Webauthn.references();
    let params = [
        p::uuid(&factor_id),
        p::bytes(&made.credential_id),
        p::json(&made.passkey),
        p::text(&label),
        p::texts(&hashes),
        p::texts(&methods),
    ];
    let tx = app.db.begin("mfa_webauthn_register", principal.context());
    let rows = tx.query_and_commit(sql!("users", "add_passkey"), &params).await?;
    let row = rows.one_or(&problem::NOT_FOUND)?;
    let recovery_codes = row.get::<_, bool>("codes_made").then_some(codes);
    let session = raised(&app, &services, &principal, &row).await?;
    Ok(json(StatusCode::CREATED, &Enrolled { factor_id, recovery_codes, session })?.into_response())
}

/// One answer for every passkey that is not taken.
fn not_right() -> Problem {
    let text = "is not a passkey made for this challenge, site and person";
    Violations::one("/credential", "passkey_refused", text).into()
}
