//! GET /v1/products/imports

use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use wealth_core::authz::ImportProducts;
use wealth_db::{p, sql};
use wealth_http::{App, Cursor, Limit, Page, Params, Principal, Result};

use super::view::ImportSummary;

/// What to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Query {
    /// Rows a page.
    #[serde(default)]
    #[param(value_type = Option<Limit>)]
    limit: Limit,
    /// Where the page before ended.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// List imports
///
/// The latest first, those of the command line among them.
#[utoipa::path(
    get,
    path = "/v1/products/imports",
    operation_id = "products_imports_list",
    tag = "products",
    params(Query),
    responses((status = 200, description = "A page of imports", body = Page<ImportSummary>,
        headers(("Link" = String, description = "rel=next, when there is more")))),
    security(("bearer" = [])),
)]
pub(super) async fn handler(
    State(app): State<App>,
    principal: Principal,
    OriginalUri(uri): OriginalUri,
    Params(query): Params<Query>,
) -> Result<Response> {
    principal.authorize::<ImportProducts>()?;
    let after = query.cursor.map(|cursor| cursor.decode::<(DateTime<Utc>, Uuid)>()).transpose()?;
    let (at, id) = after.unzip();
    let rows = app
        .read("product_import_list", &principal)
        .query_and_commit(
            sql!("products", "import_list"),
            &[p::timestamptz(&at), p::uuid(&id), p::int8(&query.limit.fetch())],
        )
        .await?;
    let items: Vec<Item> = rows
        .iter()
        .map(|row| Item { import: ImportSummary::read(row), started_at: row.get("started_at") })
        .collect();
    let page = Page::new(items, query.limit, &uri, |item| (item.started_at, item.import.import_id));
    Ok(page.into_response())
}

/// A row with the key that the list is sorted by, to the microsecond.
#[derive(serde::Serialize)]
struct Item {
    #[serde(flatten)]
    import: ImportSummary,
    #[serde(skip)]
    started_at: DateTime<Utc>,
}
