//! What became of a batch, read again.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use uuid::Uuid;
use wealth_core::authz::FeedRates;
use wealth_core::problem;
use wealth_core::shape::FeedSource;
use wealth_db::{p, sql};
use wealth_http::{App, PathParams, Principal, Result, Row404};

use super::report::BatchReport;
use super::source_named;

/// Get a delivered batch
///
/// What became of each of its rates, in the same words as when it was delivered.
#[utoipa::path(
    get,
    path = "/v1/rate-feeds/{source}/batches/{batch_id}",
    operation_id = "rate_batches_get",
    tag = "rates",
    params(
        ("source" = FeedSource, Path, description = "The feed"),
        ("batch_id" = Uuid, Path, description = "Our id of the batch"),
    ),
    responses((status = 200, description = "What became of it", body = BatchReport))
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams((source, batch)): PathParams<(String, Uuid)>,
) -> Result<Response> {
    principal.authorize::<FeedRates>()?;
    let source = source_named(&source)?;
    let params = [p::text(&source), p::uuid(&batch)];
    let read = app.read("rate_batches_get", &principal);
    let rows = read.query_and_commit(sql!("rates", "batch_get"), &params).await?;
    let row = rows.one_or(&problem::NOT_FOUND)?;
    Ok(Json(BatchReport::read(row.get("response"))?).into_response())
}
