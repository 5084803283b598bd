//! GET /v1/product-recommendations

use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use wealth_core::authz::CompareProducts;
use wealth_core::ids::{ComparisonId, UserId};
use wealth_db::{p, sql};
use wealth_http::{App, Cursor, Limit, Page, Params, Principal, Result};

use super::{RecommendationSummary, Status};

/// What to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// Only this person's.
    #[param(value_type = Option<UserId>)]
    user_id: Option<UserId>,
    /// Only those that rest on this comparison.
    #[param(value_type = Option<ComparisonId>)]
    comparison_id: Option<ComparisonId>,
    /// Only those that have come so far.
    #[param(inline)]
    status: Option<Status>,
    /// Rows a page.
    #[serde(default)]
    #[param(value_type = Option<Limit>)]
    limit: Limit,
    /// Where the page before ended.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// List recommendations
///
/// The newest first: one's own; everybody's for those who supervise sales. With `status=pending`
/// these are the ones that wait for a review.
#[utoipa::path(
    get,
    path = "/v1/product-recommendations",
    operation_id = "recommendations_list",
    tag = "recommendations",
    params(Query),
    responses((status = 200, description = "A page of recommendations",
        body = Page<RecommendationSummary>,
        headers(("Link" = String, description = "rel=next, when there is more")))),
    security(("bearer" = [])),
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    OriginalUri(uri): OriginalUri,
    Params(query): Params<Query>,
) -> Result<Response> {
    principal.authorize::<CompareProducts>()?;
    let before: Option<Uuid> = query.cursor.as_ref().map(Cursor::decode).transpose()?;
    let rows = app
        .read("recommendations_list", &principal)
        .query_and_commit(
            sql!("products", "recommendation_list"),
            &[
                p::uuid(&query.user_id.map(UserId::uuid)),
                p::uuid(&query.comparison_id.map(ComparisonId::uuid)),
                p::text(&query.status.map(Status::name)),
                p::uuid(&before),
                p::int8(&query.limit.fetch()),
            ],
        )
        .await?;
    let items = rows.iter().map(RecommendationSummary::read).collect();
    let key = |item: &RecommendationSummary| item.recommendation_id;
    Ok(Page::new(items, query.limit, &uri, key).into_response())
}
