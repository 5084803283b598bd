//! What happened to one thing, change by change.

use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use wealth_core::audit::{Change, changes};
use wealth_core::authz::ReviewAudit;
use wealth_core::problem;
use wealth_core::violations::Violations;
use wealth_db::{Row, p, sql};
use wealth_http::{App, Cursor, Limit, Page, Params, PathParams, Principal, Problem, Result};

use crate::{query, row};

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Query {
    /// Events a page.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where to go on.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// An event in the history of one thing.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecordEvent {
    /// The event.
    event_id: Uuid,
    /// When.
    #[schema(value_type = DateTime<Utc>)]
    occurred_at: String,
    /// What was done.
    action: String,
    /// The documented name of that.
    legacy_action: Option<String>,
    /// Who did it.
    actor_id: Option<Uuid>,
    /// The name of who did it, as it was then.
    actor_label: Option<String>,
    /// The call that did it.
    request_id: Option<Uuid>,
    /// How it ended: `success`, `failure` or `denied`.
    outcome: String,
    /// Why, in words.
    reason: Option<String>,
    /// The members that are not what they were before.
    changes: Vec<Change>,
}

impl RecordEvent {
    fn read(row: &Row) -> Result<Self> {
        let event = row::event(row)?;
        Ok(Self {
            changes: changes(event.old_values.as_deref(), event.new_values.as_deref()),
            event_id: event.event_id,
            occurred_at: event.occurred_at,
            action: event.action,
            legacy_action: event.legacy_action,
            actor_id: event.actor_id,
            actor_label: event.actor_label,
            request_id: event.request_id,
            outcome: event.outcome,
            reason: event.reason,
        })
    }

    fn key(&self) -> (String, Uuid) {
        (self.occurred_at.clone(), self.event_id)
    }
}

/// List what happened to a thing
///
/// Every recorded change of it with what it was before and after, newest first, enough to recreate
/// each version. A thing of which nothing is known has an empty history.
#[utoipa::path(
    get,
    path = "/v1/audit/records/{resource_type}/{resource_id}/history",
    operation_id = "audit_record_history",
    tag = "audit",
    params(
        ("resource_type" = String, Path, description = "Its kind, such as `products`"),
        ("resource_id" = String, Path, description = "Its id"),
        Query,
    ),
    responses((status = 200, description = "The events", body = Page<RecordEvent>))
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams((kind, id)): PathParams<(String, String)>,
    Params(query): Params<Query>,
    OriginalUri(uri): OriginalUri,
) -> Result<Response> {
    principal.authorize::<ReviewAudit>()?;
    let mut v = Violations::new();
    let kind = query::name(Some(&kind), "/resource_type", &mut v);
    let id = query::name(Some(&id), "/resource_id", &mut v);
    let (Some(kind), Some(id)) = (kind, id) else {
        // Text that nothing can be called names nothing.
        return Err(Problem::not_found(&problem::NOT_FOUND));
    };
    let after: Option<(DateTime<Utc>, Uuid)> =
        query.cursor.as_ref().map(Cursor::decode).transpose()?;
    let (at, event) = after.unzip();
    let fetch = query.limit.fetch();
    let params =
        [p::text(&kind), p::text(&id), p::timestamptz(&at), p::uuid(&event), p::int8(&fetch)];
    let filters = [("resource_type", json!(kind)), ("resource_id", json!(id))];
    let asked = query::asked("audit_record_history", &filters);
    let list = (sql!("audit", "record_history"), &params[..]);
    let name = "audit_record_history";
    let rows = query::read(&app, &principal, name, &[list], Some(&asked)).await?.swap_remove(0);
    let events = rows.iter().map(RecordEvent::read).collect::<Result<_>>()?;
    Ok(Page::new(events, query.limit, &uri, RecordEvent::key).into_response())
}
