//! GET /v1/users/event-hooks

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::authz::ViewSignIn;
use wealth_db::{Row, sql};
use wealth_http::{App, Principal, Result, json};

use super::secret;
use crate::services::Services;

/// A hook.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EventHook {
    event_hook_id: Uuid,
    /// Always `okta`.
    provider: String,
    /// The address to enter in the directory.
    url: String,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// Every hook of the firm: a handful.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EventHooks {
    items: Vec<EventHook>,
}

/// List the hooks of the firm's directory
///
/// Without their secrets, which are shown once.
#[utoipa::path(get, path = "/v1/users/event-hooks", operation_id = "event_hooks_list", tag = "users",
    responses((status = 200, description = "All of them", body = EventHooks)),
    security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    Extension(services): Extension<Services>,
    principal: Principal,
) -> Result<Response> {
    principal.authorize::<ViewSignIn>()?;
    let read = app.read("event_hooks_list", &principal);
    let rows = read.query_and_commit(sql!("users", "event_hook_list"), &[]).await?;
    let tenant = principal.context().tenant_id;
    let item = |row: &Row| EventHook {
        event_hook_id: row.get("hook_id"),
        provider: row.get("provider"),
        url: url(&services, tenant, row.get("hook_id")),
        created_at: row.get("created_at"),
        updated_at: row.get("updated_at"),
    };
    let items = rows.iter().map(item).collect();
    Ok(json(StatusCode::OK, &EventHooks { items })?.into_response())
}

/// The address that a directory calls.
pub(super) fn url(services: &Services, tenant: Uuid, hook: Uuid) -> String {
    format!("{}/v1/auth/hooks/okta/{}", services.settings.issuer, secret::key(tenant, hook))
}
