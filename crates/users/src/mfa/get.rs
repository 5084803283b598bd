//! GET /v1/users/me/mfa

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::problem;
use wealth_db::sql;
use wealth_http::{App, Enrollee, Problem, Result, Row404, json};

/// A second factor.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct Factor {
    factor_id: Uuid,
    /// `totp` or `webauthn`.
    #[schema(example = "totp")]
    method: String,
    /// What the person calls it.
    label: String,
    created_at: DateTime<Utc>,
    last_used_at: Option<DateTime<Utc>>,
    /// A passkey's id, base64url; for `allowCredentials` of a step-up.
    #[serde(skip_serializing_if = "Option::is_none")]
    credential_id: Option<String>,
}

/// The caller's second factors.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Factors {
    factors: Vec<Factor>,
    /// Recovery codes that were not used yet.
    recovery_codes_left: i32,
    /// Whether the firm demands a second factor of the caller.
    required: bool,
    /// How many minutes a sign-in is fresh enough for what is sensitive.
    step_up_minutes: i32,
}

/// List one's own second factors
///
/// With how many recovery codes are left and what the firm asks. Secrets are never shown again.
#[utoipa::path(get, path = "/v1/users/me/mfa", operation_id = "mfa_get", tag = "mfa",
    responses((status = 200, description = "Factors and what the firm asks", body = Factors)))]
pub(crate) async fn handler(State(app): State<App>, principal: Enrollee) -> Result<Response> {
    let rows =
        app.read("mfa_get", &principal).query_and_commit(sql!("users", "my_mfa"), &[]).await?;
    let row = rows.one_or(&problem::NOT_FOUND)?;
    let factors = serde_json::from_value(row.get("factors"));
    let factors = Factors {
        factors: factors.map_err(|error| Problem::internal(error.to_string()))?,
        recovery_codes_left: row.get("recovery_codes_left"),
        required: row.get("required"),
        step_up_minutes: row.get("step_up_minutes"),
    };
    Ok(json(StatusCode::OK, &factors)?.into_response())
}
