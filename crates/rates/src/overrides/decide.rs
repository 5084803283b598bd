//! The second person's decision on an override.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use uuid::Uuid;
use wealth_core::authz::{Authorized, DecideRateChanges};
use wealth_core::problem;
use wealth_db::{Row, p, sql};
use wealth_http::{
    App, Done, IfMatch, OptionalInput, PathParams, Principal, Result, Row404, Write, json as reply,
};

use super::RateOverrideView;
use crate::changes::decide::Decision;

/// Approve an override
///
/// Puts it in force. Never by its proposer (`self_approval`), and not when the product's rate on
/// its first day has moved since it was proposed (`rate_changed`).
#[utoipa::path(
    post,
    path = "/v1/rates/overrides/{override_id}/approve",
    operation_id = "rate_overrides_approve",
    tag = "rates",
    params(
        ("override_id" = Uuid, Path, description = "The override"),
        ("If-Match" = String, Header, description = "Its ETag, or `*`"),
    ),
    request_body(content = Option<Decision>, description = "May be left out"),
    responses((status = 200, description = "In force", body = RateOverrideView))
)]
pub(crate) async fn approve(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<Uuid>,
    IfMatch(expected): IfMatch,
    input: OptionalInput<Decision>,
) -> Result<Response> {
    let proof = principal.authorize::<DecideRateChanges>()?;
    let note = input.body.validate()?;
    let write = app.write("rate_overrides_approve", &principal, &input.idempotency);
    answer(decide(&proof, write, id, (true, note), expected).await?).await
}

/// Reject an override
///
/// Turns one down that waits. Its proposer may do so too, which takes it back.
#[utoipa::path(
    post,
    path = "/v1/rates/overrides/{override_id}/reject",
    operation_id = "rate_overrides_reject",
    tag = "rates",
    params(
        ("override_id" = Uuid, Path, description = "The override"),
        ("If-Match" = String, Header, description = "Its ETag, or `*`"),
    ),
    request_body(content = Option<Decision>, description = "May be left out"),
    responses((status = 200, description = "Turned down", body = RateOverrideView))
)]
pub(crate) async fn reject(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<Uuid>,
    IfMatch(expected): IfMatch,
    input: OptionalInput<Decision>,
) -> Result<Response> {
    let proof = principal.authorize::<DecideRateChanges>()?;
    let note = input.body.validate()?;
    let write = app.write("rate_overrides_reject", &principal, &input.idempotency);
    answer(decide(&proof, write, id, (false, note), expected).await?).await
}

async fn decide(
    _proof: &Authorized<DecideRateChanges>,
    write: Write,
    id: Uuid,
    (yes, note): (bool, Option<String>),
    expected: Option<i64>,
) -> Result<(Done, Row)> {
    let values = [p::uuid(&id), p::bool(&yes), p::text(&note), p::int8(&expected)];
    let none = None::<Uuid>;
    let (done, mut answers) = write
        .last(&[
            (sql!("rates", "override_decide"), &values),
            (sql!("rates", "override_get"), &[p::uuid(&id), p::uuid(&none)]),
        ])
        .await?;
    Ok((done, answers.pop().unwrap_or_default().one_or(&problem::NOT_FOUND)?))
}

pub(super) async fn answer((done, row): (Done, Row)) -> Result<Response> {
    let answer = reply(StatusCode::OK, &RateOverrideView::read(&row)?)?;
    done.reply(answer.etag(row.get("version"))).await
}
