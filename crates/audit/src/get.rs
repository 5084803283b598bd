//! One event.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use wealth_core::audit::Event;
use wealth_core::authz::{ReviewAudit, ViewAudit};
use wealth_core::problem;
use wealth_db::{p, sql};
use wealth_http::{App, PathParams, Principal, Result, Row404, json as reply};

use crate::{query, row};

/// Get an audit event
///
/// An event that the caller may not see is unknown to them.
#[utoipa::path(
    get,
    path = "/v1/audit/events/{event_id}",
    operation_id = "audit_event_get",
    tag = "audit",
    params(("event_id" = Uuid, Path, description = "The event")),
    responses((status = 200, description = "The event", body = Event))
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<String>,
) -> Result<Response> {
    principal.authorize::<ViewAudit>()?;
    let id = query::event_id(&id)?;
    let asked = query::asked("audit_event_get", &[("event_id", json!(id))]);
    let asked = principal.may::<ReviewAudit>().then_some(&asked);
    let params = [p::uuid(&id)];
    let get = (sql!("audit", "get"), &params[..]);
    let mut answers = query::read(&app, &principal, "audit_event_get", &[get], asked).await?;
    let row = answers.swap_remove(0).one_or(&problem::NOT_FOUND)?;
    Ok(reply(StatusCode::OK, &row::event(&row)?)?.into_response())
}
