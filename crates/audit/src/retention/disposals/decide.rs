//! The second person's word on a disposal.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use uuid::Uuid;
use wealth_core::authz::{Authorized, DisposeRecords};
use wealth_core::problem;
use wealth_db::{Row, p, sql};
use wealth_http::{
    App, Done, IfMatch, OptionalInput, PathParams, Principal, Result, Row404, Write, json as reply,
};

use super::Disposal;
use crate::retention::RetentionDecision;

/// Approve a disposal
///
/// Never by whoever proposed it (`self_approval`). It is executed seven days later; a hold that is
/// placed until then, and until the very moment, keeps what it covers.
#[utoipa::path(
    post,
    path = "/v1/audit/disposals/{disposal_id}/approve",
    operation_id = "disposals_approve",
    tag = "audit",
    params(
        ("disposal_id" = Uuid, Path, description = "The disposal"),
        ("If-Match" = String, Header, description = "Its ETag, or `*`"),
    ),
    request_body(content = Option<RetentionDecision>, description = "May be left out"),
    responses((status = 200, description = "Waits for its day", body = Disposal))
)]
pub(crate) async fn approve(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<Uuid>,
    IfMatch(expected): IfMatch,
    input: OptionalInput<RetentionDecision>,
) -> Result<Response> {
    let proof = principal.authorize::<DisposeRecords>()?;
    let note = input.body.validate()?;
    let write = app.write("disposals_approve", &principal, &input.idempotency);
    answer(decide(&proof, write, id, (true, note), expected).await?).await
}

/// Reject a disposal
///
/// The records stay. Whoever proposed it may take it back this way too.
#[utoipa::path(
    post,
    path = "/v1/audit/disposals/{disposal_id}/reject",
    operation_id = "disposals_reject",
    tag = "audit",
    params(
        ("disposal_id" = Uuid, Path, description = "The disposal"),
        ("If-Match" = String, Header, description = "Its ETag, or `*`"),
    ),
    request_body(content = Option<RetentionDecision>, description = "May be left out"),
    responses((status = 200, description = "Turned down", body = Disposal))
)]
pub(crate) async fn reject(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<Uuid>,
    IfMatch(expected): IfMatch,
    input: OptionalInput<RetentionDecision>,
) -> Result<Response> {
    let proof = principal.authorize::<DisposeRecords>()?;
    let note = input.body.validate()?;
    let write = app.write("disposals_reject", &principal, &input.idempotency);
    answer(decide(&proof, write, id, (false, note), expected).await?).await
}

async fn decide(
    _proof: &Authorized<DisposeRecords>,
    write: Write,
    id: Uuid,
    (yes, note): (bool, Option<String>),
    expected: Option<i64>,
) -> Result<(Done, Row)> {
    let decided = [p::uuid(&id), p::bool(&yes), p::text(&note), p::int8(&expected)];
    let (done, mut answers) = write
        .last(&[
            (sql!("audit", "disposal_decide"), &decided),
            (sql!("audit", "disposal_get"), &[p::uuid(&id)]),
        ])
        .await?;
    Ok((done, answers.pop().unwrap_or_default().one_or(&problem::NOT_FOUND)?))
}

async fn answer((done, row): (Done, Row)) -> Result<Response> {
    let answer = reply(StatusCode::OK, &Disposal::read(&row)?)?;
    done.reply(answer.etag(row.get("version"))).await
}
