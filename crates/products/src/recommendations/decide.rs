//! The second person's review of a recommendation.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;
use wealth_core::authz::{Authorized, ReviewRecommendations};
use wealth_core::ids::RecommendationId;
use wealth_core::shape::Note;
use wealth_core::violations::Violations;
use wealth_core::{problem, text};
use wealth_db::{Row, p, sql};
use wealth_http::{
    App, Done, Input, OptionalInput, PathParams, Principal, Result, Row404, Write, json,
};

use super::{RecommendationView, Status};

/// What the reviewer says about an approval.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Approval {
    /// A note for the record.
    #[schema(value_type = Option<Note>)]
    reason: Option<String>,
}

/// Why the reviewer refuses.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Refusal {
    /// The reason, for the record.
    #[serde(default)]
    #[schema(value_type = Note, required = true)]
    reason: String,
}

fn reason(given: Option<String>) -> Result<Option<String>, Violations> {
    let mut v = Violations::new();
    let reason = given.and_then(|given| text::clean(&given, text::REASON, "/reason", &mut v));
    v.into_result(reason)
}

/// Approve a recommendation
///
/// The supervisor's review (NAIC Model #275, section 6(C)). Never by whoever recommended, and only
/// once.
#[utoipa::path(
    post,
    path = "/v1/product-recommendations/{recommendation_id}/approve",
    operation_id = "recommendations_approve",
    tag = "recommendations",
    params(
        ("recommendation_id" = RecommendationId, Path, description = "The recommendation"),
        ("Idempotency-Key" = Option<String>, Header, description = "New for each intent"),
    ),
    request_body(content = Option<Approval>, description = "May be left out"),
    responses((status = 200, description = "Approved", body = RecommendationView)),
    security(("bearer" = [])),
)]
pub(crate) async fn approve(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<RecommendationId>,
    input: OptionalInput<Approval>,
) -> Result<Response> {
    let allowed = principal.authorize::<ReviewRecommendations>()?;
    let reason = reason(input.body.reason)?;
    let write = app.write("recommendations_approve", &principal, &input.idempotency);
    let decided = decide(write, &allowed, id, Status::Approved, reason).await?;
    answer(decided).await
}

/// Refuse a recommendation
///
/// With a reason. It cannot be taken back; a better one is made anew.
#[utoipa::path(
    post,
    path = "/v1/product-recommendations/{recommendation_id}/refuse",
    operation_id = "recommendations_refuse",
    tag = "recommendations",
    params(
        ("recommendation_id" = RecommendationId, Path, description = "The recommendation"),
        ("Idempotency-Key" = Option<String>, Header, description = "New for each intent"),
    ),
    request_body = Refusal,
    responses((status = 200, description = "Refused", body = RecommendationView)),
    security(("bearer" = [])),
)]
pub(crate) async fn refuse(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<RecommendationId>,
    input: Input<Refusal>,
) -> Result<Response> {
    let allowed = principal.authorize::<ReviewRecommendations>()?;
    let reason = reason(Some(input.body.reason))?;
    let write = app.write("recommendations_refuse", &principal, &input.idempotency);
    let decided = decide(write, &allowed, id, Status::Refused, reason).await?;
    answer(decided).await
}

async fn decide(
    write: Write,
    _: &Authorized<ReviewRecommendations>,
    id: RecommendationId,
    decision: Status,
    reason: Option<String>,
) -> Result<(Done, Row)> {
    let (id, decision) = (id.uuid(), decision.name());
    let values = [p::uuid(&id), p::text(&decision), p::text(&reason)];
    let (done, mut answers) = write
        .last(&[
            (sql!("products", "recommendation_decide"), &values),
            (sql!("products", "recommendation_get"), &[p::uuid(&id)]),
        ])
        .await?;
    Ok((done, answers.pop().unwrap_or_default().one_or(&problem::NOT_FOUND)?))
}

async fn answer((done, row): (Done, Row)) -> Result<Response> {
    done.reply(json(StatusCode::OK, &RecommendationView::read(&row)?)?).await
}
