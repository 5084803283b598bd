//! The list of a disposal.

use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use wealth_core::authz::ViewRetention;
use wealth_core::problem;
use wealth_db::{p, sql};
use wealth_http::{App, Cursor, Limit, Page, Params, PathParams, Principal, Result, Row404};

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Query {
    /// Records a page.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where to go on.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// A record on the list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DisposalItem {
    /// Its id.
    record_id: String,
    /// Its last day.
    retain_until: NaiveDate,
    /// `pending`, `disposed` or `kept`.
    state: String,
    /// Why it stayed: `held`, `not_due`, `in_use` or `gone`.
    why: Option<String>,
}

/// List the records of a disposal
///
/// Each with its last day and what became of it.
#[utoipa::path(
    get,
    path = "/v1/audit/disposals/{disposal_id}/items",
    operation_id = "disposal_items_list",
    tag = "audit",
    params(("disposal_id" = Uuid, Path, description = "The disposal"), Query),
    responses((status = 200, description = "The records", body = Page<DisposalItem>))
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<Uuid>,
    Params(query): Params<Query>,
    OriginalUri(uri): OriginalUri,
) -> Result<Response> {
    principal.authorize::<ViewRetention>()?;
    let after: Option<String> = query.cursor.as_ref().map(Cursor::decode).transpose()?;
    let fetch = query.limit.fetch();
    let (one, page) = ([p::uuid(&id)], [p::uuid(&id), p::text(&after), p::int8(&fetch)]);
    let read = app.read("disposal_items_list", &principal);
    let both =
        [(sql!("audit", "disposal_get"), &one[..]), (sql!("audit", "disposal_items"), &page[..])];
    let mut answers = read.batch_and_commit(&both).await?;
    let rows = answers.pop().unwrap_or_default();
    answers.pop().unwrap_or_default().one_or(&problem::NOT_FOUND)?;
    let item = |row: &wealth_db::Row| DisposalItem {
        record_id: row.get("record_id"),
        retain_until: row.get("retain_until"),
        state: row.get("state"),
        why: row.get("why"),
    };
    let items = rows.iter().map(item).collect();
    let key = |item: &DisposalItem| item.record_id.clone();
    Ok(Page::new(items, query.limit, &uri, key).into_response())
}
