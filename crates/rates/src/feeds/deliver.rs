//! Takes a batch of rates.

use axum::extract::State;
use axum::http::HeaderName;
use axum::response::Response;
use serde_json::{Value, json};
use uuid::Uuid;
use wealth_core::authz::{Authorized, FeedRates};
use wealth_core::problem;
use wealth_core::shape::FeedSource;
use wealth_db::{p, sql};
use wealth_http::{App, Done, Input, PathParams, Principal, Result, Row404, Write, created};

use super::delivery::{Delivery, NewBatch};
use super::report::BatchReport;
use super::source_named;

/// Deliver a batch of rates
///
/// Up to 10,000 rates of one feed. Each is put in force, found to be in force already, known from
/// an earlier delivery, held for a second person (beyond the tolerance, or against a stronger
/// source), or rejected with its reasons; none keeps another out. The batch's own id makes a
/// repetition harmless: same batch, same answer, with `Idempotency-Replayed: true`; other rates
/// under the same id are refused (`idempotency_mismatch`). So is the id of each rate.
#[utoipa::path(
    post,
    path = "/v1/rate-feeds/{source}/batches",
    operation_id = "rate_batches_deliver",
    tag = "rates",
    params(("source" = FeedSource, Path, description = "The feed")),
    request_body = NewBatch,
    responses((status = 201, description = "What became of it", body = BatchReport))
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(source): PathParams<String>,
    input: Input<NewBatch>,
) -> Result<Response> {
    let proof = principal.authorize::<FeedRates>()?;
    let source = source_named(&source)?;
    let delivery = input.body.prepare(&*app.ids)?;
    let write = app.write("rate_batches_deliver", &principal, &input.idempotency);
    let (done, report) = deliver(&proof, write, source, &delivery, app.ids.next()).await?;
    let report = BatchReport::read(report)?;
    let mut answer = created(&report.location(), &report)?;
    if report.replayed {
        answer = answer.header(HeaderName::from_static("idempotency-replayed"), "true");
    }
    done.reply(answer).await
}

async fn deliver(
    _proof: &Authorized<FeedRates>,
    write: Write,
    source: &str,
    delivery: &Delivery,
    batch: Uuid,
) -> Result<(Done, Value)> {
    let options = json!({"batch_id": batch});
    let values = [
        p::text(&source),
        p::text(&delivery.external_batch_id),
        p::bytes(&delivery.fingerprint),
        p::json(&delivery.rows),
        p::json(&options),
    ];
    let (done, mut answers) = write.last(&[(sql!("rates", "ingest"), &values)]).await?;
    let row = answers.pop().unwrap_or_default().one_or(&problem::NOT_FOUND)?;
    Ok((done, row.get("response")))
}
