//! GET /v1/products/{product_id}/terms

use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use wealth_core::authz::ViewProducts;
use wealth_core::ids::ProductId;
use wealth_core::problem;
use wealth_db::{Row, p, sql};
use wealth_http::{App, Page, Params, PathParams, Principal, Problem, Result};

use crate::row::{self, Timestamp};
use crate::versions::Query;

/// A published text, without the text.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TermsSummary {
    /// Its number, from 1.
    pub(crate) terms_version: i32,
    /// Length of the text in characters.
    pub(crate) characters: i32,
    /// SHA-256 of the text in UTF-8, hexadecimal.
    pub sha256: String,
    /// Since when it holds.
    pub(crate) effective_at: Timestamp,
    /// When it was published.
    pub(crate) created_at: Timestamp,
    /// Who published it.
    pub(crate) created_by: String,
}

/// List the terms and conditions of a product
///
/// The newest first; the first is the one in force.
#[utoipa::path(
    get,
    path = "/v1/products/{product_id}/terms",
    operation_id = "product_terms_list",
    tag = "products",
    params(("product_id" = ProductId, Path, description = "The product"), Query),
    responses((status = 200, description = "A page of versions", body = Page<TermsSummary>,
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
    let before = query.cursor.map(|cursor| cursor.decode::<i32>()).transpose()?;
    let rows = app
        .read("product_terms_list", &principal)
        .query_and_commit(
            sql!("products", "terms_list"),
            &[p::uuid(&id.uuid()), p::int4(&before), p::int8(&query.limit.fetch())],
        )
        .await?;
    if rows.is_empty() {
        return Err(Problem::not_found(&problem::PRODUCT_NOT_FOUND));
    }
    let rows = rows.iter().filter(|row| row.get::<_, Option<i32>>("terms_version").is_some());
    let items = rows.map(read).collect();
    Ok(Page::new(items, query.limit, &uri, |item: &TermsSummary| item.terms_version)
        .into_response())
}

fn read(row: &Row) -> TermsSummary {
    TermsSummary {
        terms_version: row.get("terms_version"),
        characters: row.get("characters"),
        sha256: row.get("sha256"),
        effective_at: row::timestamp(row, "effective_at"),
        created_at: row::timestamp(row, "created_at"),
        created_by: row.get("created_by"),
    }
}
