//! GET /v1/product-comparisons/{comparison_id}

use axum::extract::State;
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use wealth_core::authz::{CompareProducts, ReviewComparisons};
use wealth_core::ids::ComparisonId;
use wealth_core::problem;
use wealth_db::{p, sql};
use wealth_http::{App, PathParams, Principal, Result, Row404, json_text};

use super::{CONTENT_DIGEST, Comparison, digest};

/// Read a saved comparison
///
/// The very bytes that were shown when it was made. One's own; with the right to review
/// comparisons, anybody's in the firm.
#[utoipa::path(
    get,
    path = "/v1/product-comparisons/{comparison_id}",
    operation_id = "comparisons_get",
    tag = "comparisons",
    params(("comparison_id" = ComparisonId, Path, description = "The comparison")),
    responses((status = 200, description = "The comparison", body = Comparison,
        headers(("Content-Digest" = String)))),
    security(("bearer" = [])),
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<ComparisonId>,
) -> Result<Response> {
    principal.authorize::<CompareProducts>()?;
    let rows = app
        .read("comparison_get", &principal)
        .query_and_commit(
            sql!("products", "comparison_get"),
            &[p::uuid(&id.uuid()), p::bool(&principal.may::<ReviewComparisons>())],
        )
        .await?;
    Ok(answer(rows.one_or(&problem::NOT_FOUND)?.get("result")))
}

/// Stored text as an answer.
pub(super) fn answer(text: String) -> Response {
    let digest = digest(&text);
    json_text(StatusCode::OK, text)
        .header(HeaderName::from_static(CONTENT_DIGEST), &digest)
        .into_response()
}
