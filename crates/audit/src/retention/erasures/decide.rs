//! The second person's word on an erasure request.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use uuid::Uuid;
use wealth_core::authz::{Authorized, ErasePeople};
use wealth_core::problem;
use wealth_db::{Row, p, sql};
use wealth_http::{
    App, Done, IfMatch, OptionalInput, PathParams, Principal, Result, Row404, Write, json as reply,
};

use super::AnsweredErasure;
use crate::retention::RetentionDecision;

/// Execute an erasure request
///
/// Never by whoever took it down (`self_approval`). What the person is known by is erased at once,
/// if nothing stands against it; the audit log follows within minutes: what its events tell about the
/// person is destroyed, and the commitments that stay keep every proof good. What a legal hold covers
/// stays until that is released, and the request is under way until then. The answer of this moment is
/// kept with the request.
#[utoipa::path(
    post,
    path = "/v1/audit/erasure-requests/{erasure_id}/execute",
    operation_id = "erasure_requests_execute",
    tag = "audit",
    params(
        ("erasure_id" = Uuid, Path, description = "The request"),
        ("If-Match" = String, Header, description = "Its ETag, or `*`"),
    ),
    request_body(content = Option<RetentionDecision>, description = "May be left out"),
    responses((status = 200, description = "Under way", body = AnsweredErasure))
)]
pub(crate) async fn execute(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<Uuid>,
    IfMatch(expected): IfMatch,
    input: OptionalInput<RetentionDecision>,
) -> Result<Response> {
    let proof = principal.authorize::<ErasePeople>()?;
    let note = input.body.validate()?;
    let write = app.write("erasure_requests_execute", &principal, &input.idempotency);
    answer(decide(&proof, write, id, (true, note), expected).await?).await
}

/// Reject an erasure request
///
/// Nothing is erased. Whoever took it down may take it back this way too.
#[utoipa::path(
    post,
    path = "/v1/audit/erasure-requests/{erasure_id}/reject",
    operation_id = "erasure_requests_reject",
    tag = "audit",
    params(
        ("erasure_id" = Uuid, Path, description = "The request"),
        ("If-Match" = String, Header, description = "Its ETag, or `*`"),
    ),
    request_body(content = Option<RetentionDecision>, description = "May be left out"),
    responses((status = 200, description = "Turned down", body = AnsweredErasure))
)]
pub(crate) async fn reject(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<Uuid>,
    IfMatch(expected): IfMatch,
    input: OptionalInput<RetentionDecision>,
) -> Result<Response> {
    let proof = principal.authorize::<ErasePeople>()?;
    let note = input.body.validate()?;
    let write = app.write("erasure_requests_reject", &principal, &input.idempotency);
    answer(decide(&proof, write, id, (false, note), expected).await?).await
}

async fn decide(
    _proof: &Authorized<ErasePeople>,
    write: Write,
    id: Uuid,
    (yes, note): (bool, Option<String>),
    expected: Option<i64>,
) -> Result<(Done, Row)> {
    let decided = [p::uuid(&id), p::bool(&yes), p::text(&note), p::int8(&expected)];
    let (done, mut answers) = write
        .last(&[
            (sql!("audit", "erasure_decide"), &decided),
            (sql!("audit", "erasure_get"), &[p::uuid(&id)]),
        ])
        .await?;
    Ok((done, answers.pop().unwrap_or_default().one_or(&problem::NOT_FOUND)?))
}

async fn answer((done, row): (Done, Row)) -> Result<Response> {
    let answer = reply(StatusCode::OK, &AnsweredErasure::read(&row)?)?;
    done.reply(answer.etag(row.get("version"))).await
}
