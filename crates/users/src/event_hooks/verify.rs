//! GET /v1/auth/hooks/okta/{hook_key}

use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use wealth_core::problem;
use wealth_http::{PathParams, Problem, Result, json};

const CHALLENGE: &str = "x-okta-verification-challenge";

/// The challenge, given back.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Verification {
    verification: String,
}

/// Prove to Okta that the address is ours
///
/// Once, when a hook is entered there. Any address of this form answers alike: the challenge is
/// given back, and nothing is looked up.
#[utoipa::path(get, path = "/v1/auth/hooks/okta/{hook_key}", operation_id = "okta_hook_verify",
    tag = "auth", security(()),
    params(
        ("hook_key" = String, Path, description = "From the hook's address"),
        ("X-Okta-Verification-Challenge" = String, Header, description = "Okta's challenge"),
    ),
    responses((status = 200, description = "The challenge", body = Verification),
        (status = 400, description = "There is none", content_type = "application/problem+json",
            body = wealth_http::ProblemDocument)))]
pub(crate) async fn handler(
    PathParams(_key): PathParams<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let challenge = headers.get(CHALLENGE).and_then(|value| value.to_str().ok());
    match challenge.filter(|text| (1..=1024).contains(&text.len())) {
        Some(text) => {
            let answer = Verification { verification: text.to_owned() };
            Ok(json(StatusCode::OK, &answer)?.into_response())
        }
        None => Err(Problem::new(
            &problem::MALFORMED_REQUEST,
            "X-Okta-Verification-Challenge takes 1 to 1024 visible ASCII characters.",
        )),
    }
}
