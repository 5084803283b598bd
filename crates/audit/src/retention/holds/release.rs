//! The end of a hold: one person asks for it, another one gives it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::authz::{Authorized, ManageHolds};
use wealth_core::shape::Note;
use wealth_core::violations::Violations;
use wealth_core::{problem, text};
use wealth_db::{Query, Row, p, sql};
use wealth_http::{
    App, Done, IfMatch, Input, OptionalInput, PathParams, Principal, Result, Row404, Write,
    json as reply,
};

use super::LegalHold;
use crate::retention::RetentionDecision;

/// Why a hold may go.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReleaseRequest {
    /// In words.
    #[serde(default)]
    #[schema(required = true, value_type = Note)]
    reason: String,
}

/// Ask for the release of a hold
///
/// It goes on holding until a second person releases it.
#[utoipa::path(
    post,
    path = "/v1/audit/legal-holds/{hold_id}/request-release",
    operation_id = "legal_holds_request_release",
    tag = "audit",
    params(
        ("hold_id" = Uuid, Path, description = "The hold"),
        ("If-Match" = String, Header, description = "Its ETag, or `*`"),
    ),
    request_body = ReleaseRequest,
    responses((status = 200, description = "Waits for a second person", body = LegalHold))
)]
pub(crate) async fn request(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<Uuid>,
    IfMatch(expected): IfMatch,
    input: Input<ReleaseRequest>,
) -> Result<Response> {
    let proof = principal.authorize::<ManageHolds>()?;
    let mut v = Violations::new();
    let reason = text::clean(&input.body.reason, text::REASON, "/reason", &mut v);
    let reason = v.into_result(reason.unwrap_or_default())?;
    let write = app.write("legal_holds_request_release", &principal, &input.idempotency);
    let asked = [p::uuid(&id), p::text(&reason), p::int8(&expected)];
    answer(change(&proof, write, id, (sql!("audit", "hold_request_release"), &asked)).await?).await
}

/// Release a hold
///
/// Never by whoever asked for it (`self_approval`). Other holds over the same records stay.
#[utoipa::path(
    post,
    path = "/v1/audit/legal-holds/{hold_id}/release",
    operation_id = "legal_holds_release",
    tag = "audit",
    params(
        ("hold_id" = Uuid, Path, description = "The hold"),
        ("If-Match" = String, Header, description = "Its ETag, or `*`"),
    ),
    request_body(content = Option<RetentionDecision>, description = "May be left out"),
    responses((status = 200, description = "Released", body = LegalHold))
)]
pub(crate) async fn release(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<Uuid>,
    IfMatch(expected): IfMatch,
    input: OptionalInput<RetentionDecision>,
) -> Result<Response> {
    let proof = principal.authorize::<ManageHolds>()?;
    let note = input.body.validate()?;
    let write = app.write("legal_holds_release", &principal, &input.idempotency);
    let decided = [p::uuid(&id), p::bool(&true), p::text(&note), p::int8(&expected)];
    answer(change(&proof, write, id, (sql!("audit", "hold_decide_release"), &decided)).await?).await
}

/// Refuse the release of a hold
///
/// It is as it was before. Whoever asked for the release may take it back this way too.
#[utoipa::path(
    post,
    path = "/v1/audit/legal-holds/{hold_id}/refuse-release",
    operation_id = "legal_holds_refuse_release",
    tag = "audit",
    params(
        ("hold_id" = Uuid, Path, description = "The hold"),
        ("If-Match" = String, Header, description = "Its ETag, or `*`"),
    ),
    request_body(content = Option<RetentionDecision>, description = "May be left out"),
    responses((status = 200, description = "Active again", body = LegalHold))
)]
pub(crate) async fn refuse(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<Uuid>,
    IfMatch(expected): IfMatch,
    input: OptionalInput<RetentionDecision>,
) -> Result<Response> {
    let proof = principal.authorize::<ManageHolds>()?;
    let note = input.body.validate()?;
    let write = app.write("legal_holds_refuse_release", &principal, &input.idempotency);
    let decided = [p::uuid(&id), p::bool(&false), p::text(&note), p::int8(&expected)];
    answer(change(&proof, write, id, (sql!("audit", "hold_decide_release"), &decided)).await?).await
}

async fn change(
    _proof: &Authorized<ManageHolds>,
    write: Write,
    id: Uuid,
    statement: Query<'_>,
) -> Result<(Done, Row)> {
    let get = [p::uuid(&id)];
    let (done, mut answers) =
        write.last(&[statement, (sql!("audit", "hold_get"), &get[..])]).await?;
    Ok((done, answers.pop().unwrap_or_default().one_or(&problem::NOT_FOUND)?))
}

async fn answer((done, row): (Done, Row)) -> Result<Response> {
    let answer = reply(StatusCode::OK, &LegalHold::read(&row)?)?;
    done.reply(answer.etag(row.get("version"))).await
}
