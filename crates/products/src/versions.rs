//! GET /v1/products/{product_id}/versions

use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use wealth_core::authz::ViewProducts;
use wealth_core::ids::{ProductId, UserId};
use wealth_core::problem;
use wealth_db::{Row, p, sql};
use wealth_http::{App, Cursor, Limit, Page, Params, PathParams, Principal, Problem, Result};

use crate::row::{self, Timestamp};

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// Rows a page.
    #[serde(default)]
    #[param(value_type = Option<Limit>)]
    pub(crate) limit: Limit,
    /// Where the page before ended.
    #[param(value_type = Option<String>)]
    pub(crate) cursor: Option<Cursor>,
}

/// The product as it stood after one change.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProductVersion {
    /// Number of the version. Numbers that only a rate took are missing: rates have a history of
    /// their own.
    pub(crate) version: i64,
    /// When it was recorded.
    pub(crate) recorded_at: Timestamp,
    /// Who made the change.
    pub(crate) changed_by: Option<String>,
    /// That user's id.
    pub(crate) changed_by_user_id: Option<UserId>,
    /// Every fact of the product but rates and terms' text, as its representation names them.
    #[schema(value_type = Object)]
    pub(crate) product: Map<String, Value>,
}

/// List the versions of a product
///
/// The newest first: what changed, when and by whom.
#[utoipa::path(
    get,
    path = "/v1/products/{product_id}/versions",
    operation_id = "product_versions_list",
    tag = "products",
    params(("product_id" = ProductId, Path, description = "The product"), Query),
    responses((status = 200, description = "A page of versions", body = Page<ProductVersion>,
        headers(("Link" = String, description = "rel=next, when there is more")))),
    security(("bearer" = [])),
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<ProductId>,
    OriginalUri(uri): OriginalUri,
    Params(query): Params<Query>,
) -> Result<Response> {
    principal.authorize::<ViewProducts>()?;
    let before = query.cursor.map(|cursor| cursor.decode::<i64>()).transpose()?;
    let rows = app
        .read("product_versions_list", &principal)
        .query_and_commit(
            sql!("products", "versions_list"),
            &[p::uuid(&id.uuid()), p::int8(&before), p::int8(&query.limit.fetch())],
        )
        .await?;
    if rows.is_empty() {
        return Err(Problem::not_found(&problem::PRODUCT_NOT_FOUND));
    }
    let rows = rows.iter().filter(|row| row.get::<_, Option<i64>>("version").is_some());
    let items = rows.map(read).collect::<Result<Vec<_>>>()?;
    Ok(Page::new(items, query.limit, &uri, |item| item.version).into_response())
}

fn read(row: &Row) -> Result<ProductVersion> {
    let Value::Object(mut product) = row.get("snapshot") else {
        return Err(Problem::internal("column snapshot: not an object"));
    };
    let changed_by = product.shift_remove("changed_by");
    let user = product.shift_remove("changed_by_user_id");
    let user = user.as_ref().and_then(Value::as_str).and_then(|text| Uuid::try_parse(text).ok());
    Ok(ProductVersion {
        version: row.get("version"),
        recorded_at: row::timestamp(row, "recorded_at"),
        changed_by: changed_by.as_ref().and_then(Value::as_str).map(str::to_owned),
        changed_by_user_id: user.map(UserId::from),
        product,
    })
}
