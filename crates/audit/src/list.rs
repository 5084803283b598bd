//! The log, filtered, newest first.

use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use wealth_core::audit::Event;
use wealth_core::authz::{ReviewAudit, ViewAudit};
use wealth_core::violations::Violations;
use wealth_db::{p, sql};
use wealth_http::{App, Cursor, Limit, Page, Params, Principal, Result};

use crate::{query, row};

/// How an action ended.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    /// It was done.
    Success,
    /// It was tried and went wrong.
    Failure,
    /// It was refused.
    Denied,
}

impl Outcome {
    const fn name(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Denied => "denied",
        }
    }
}

/// Which events, which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Query {
    /// Only what this person did.
    actor_id: Option<Uuid>,
    /// Only this action: `product.created`, or its documented name `CREATE_PRODUCT`.
    action: Option<String>,
    /// Only what was done to things of this kind.
    resource_type: Option<String>,
    /// Only what was done to this thing.
    resource_id: Option<String>,
    /// Only with this outcome.
    #[param(inline)]
    outcome: Option<Outcome>,
    /// Only from this instant on (RFC 3339).
    #[param(value_type = Option<DateTime<Utc>>)]
    from: Option<String>,
    /// Only before this instant (RFC 3339).
    #[param(value_type = Option<DateTime<Utc>>)]
    to: Option<String>,
    /// Only what one call did, by its X-Request-Id.
    request_id: Option<Uuid>,
    /// Events a page.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where to go on.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// The same, right by type.
struct Filter {
    action: Option<String>,
    resource_type: Option<String>,
    resource_id: Option<String>,
    from: Option<DateTime<Utc>>,
    to: Option<DateTime<Utc>>,
}

impl Filter {
    fn read(query: &Query) -> Result<Self> {
        let mut v = Violations::new();
        let filter = Self {
            action: query::name(query.action.as_deref(), "/action", &mut v),
            resource_type: query::name(query.resource_type.as_deref(), "/resource_type", &mut v),
            resource_id: query::name(query.resource_id.as_deref(), "/resource_id", &mut v),
            from: query::instant(query.from.as_deref(), "/from", &mut v),
            to: query::instant(query.to.as_deref(), "/to", &mut v),
        };
        Ok(v.into_result(filter)?)
    }
}

/// List audit events
///
/// Newest first. Everybody sees what they did themselves; system administrators and auditors see
/// everything, and each look of theirs is an event of its own.
#[utoipa::path(
    get,
    path = "/v1/audit/events",
    operation_id = "audit_events_list",
    tag = "audit",
    params(Query),
    responses((status = 200, description = "The events", body = Page<Event>))
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    Params(query): Params<Query>,
    OriginalUri(uri): OriginalUri,
) -> Result<Response> {
    principal.authorize::<ViewAudit>()?;
    let filter = Filter::read(&query)?;
    let after: Option<(DateTime<Utc>, Uuid)> =
        query.cursor.as_ref().map(Cursor::decode).transpose()?;
    let (at, id) = after.unzip();
    let all = principal.may::<ReviewAudit>();
    let (own, outcome, fetch) = (!all, query.outcome.map(Outcome::name), query.limit.fetch());
    let params = [
        p::bool(&own),
        p::uuid(&query.actor_id),
        p::text(&filter.action),
        p::text(&filter.resource_type),
        p::text(&filter.resource_id),
        p::text(&outcome),
        p::timestamptz(&filter.from),
        p::timestamptz(&filter.to),
        p::uuid(&query.request_id),
        p::timestamptz(&at),
        p::uuid(&id),
        p::int8(&fetch),
    ];
    let filters = [
        ("actor_id", json!(query.actor_id)),
        ("action", json!(filter.action)),
        ("resource_type", json!(filter.resource_type)),
        ("resource_id", json!(filter.resource_id)),
        ("outcome", json!(outcome)),
        ("from", json!(filter.from)),
        ("to", json!(filter.to)),
        ("request_id", json!(query.request_id)),
    ];
    let name = "audit_events_list";
    let asked = query::asked(name, &filters);
    let asked = all.then_some(&asked);
    let list = (sql!("audit", "list"), &params[..]);
    let rows = query::read(&app, &principal, name, &[list], asked).await?.swap_remove(0);
    let events = rows.iter().map(row::event).collect::<Result<_>>()?;
    Ok(Page::new(events, query.limit, &uri, query::key).into_response())
}
