//! POST /v1/auth/hooks/okta/{hook_key}

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use wealth_core::problem;
use wealth_db::{p, sql};
use wealth_http::{App, Input, PathParams, Problem, Result, Row404, Visitor, json};

use super::delivery::Delivery;
use super::secret;

/// What became of a delivery.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Received {
    /// How many events had which outcome: `applied`, `unchanged`, `stale`, `duplicate`, `pending`,
    /// `unknown_person`, or `stored` for a type that nothing is done about.
    #[schema(value_type = Object)]
    outcomes: Value,
}

/// Take a delivery of the firm's directory
///
/// Each event once, in the order of publication, whatever is repeated or comes late. Somebody whom
/// the directory deactivates loses sessions and keys in the same moment. The secret stands in the
/// Authorization header; another one and an unknown address answer alike.
#[utoipa::path(post, path = "/v1/auth/hooks/okta/{hook_key}", operation_id = "okta_hook_receive",
    tag = "auth", security(()),
    params(
        ("hook_key" = String, Path, description = "From the hook's address"),
    ),
    request_body = Delivery,
    responses((status = 200, description = "Taken", body = Received),
        (status = 404, description = "No such hook, or another secret", body = wealth_http::ProblemDocument,
            content_type = "application/problem+json")))]
pub(crate) async fn handler(
    State(app): State<App>,
    visitor: Visitor,
    PathParams(key): PathParams<String>,
    headers: HeaderMap,
    input: Input<Delivery>,
) -> Result<Response> {
    let unknown = || Problem::not_found(&problem::NOT_FOUND);
    let secret = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let (tenant, hook) = secret::read_key(&key).ok_or_else(unknown)?;
    let hash = secret::hash(secret.ok_or_else(unknown)?);
    let events = input.body.events()?;
    let caller = visitor.describe("okta_hook_receive");
    let params =
        [p::uuid(&tenant), p::uuid(&hook), p::bytes(&hash), p::json(&events), p::json(&caller)];
    let rows = visitor.query(&app, sql!("users", "receive_directory_events"), &params).await?;
    let outcomes: Option<Value> = rows.one_or(&problem::NOT_FOUND)?.get("outcomes");
    let received = Received { outcomes: outcomes.ok_or_else(unknown)? };
    Ok(json(StatusCode::OK, &received)?.into_response())
}
