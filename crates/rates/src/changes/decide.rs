//! The second person's decision on a rate change.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::authz::{Authorized, DecideRateChanges};
use wealth_core::shape::Note;
use wealth_core::violations::Violations;
use wealth_core::{problem, text};
use wealth_db::{Sql, p, sql};
use wealth_http::{
    App, IfMatch, OptionalInput, PathParams, Principal, Result, Row404, json as reply,
};

use super::RateChange;

/// What the second person says about it.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Decision {
    /// A note for the record.
    #[schema(value_type = Option<Note>)]
    note: Option<String>,
}

impl Decision {
    /// The note, if there is one.
    pub(crate) fn validate(self) -> Result<Option<String>, Violations> {
        let mut v = Violations::new();
        let note = self.note.and_then(|note| text::clean(&note, text::REASON, "/note", &mut v));
        v.into_result(note)
    }
}

/// Approve a rate change
///
/// Puts a pending change in force. Never by its proposer (`self_approval`), and not when the rate
/// on its first day has moved since it was proposed (`state_conflict`).
#[utoipa::path(
    post,
    path = "/v1/rate-changes/{change_id}/approve",
    operation_id = "rate_changes_approve",
    tag = "rates",
    params(
        ("change_id" = Uuid, Path, description = "The change"),
        ("If-Match" = String, Header, description = "ETag of the change, or `*`"),
    ),
    request_body(content = Option<Decision>, description = "May be left out"),
    responses((status = 200, description = "In force", body = RateChange))
)]
pub(crate) async fn approve(
    State(app): State<App>,
    principal: Principal,
    PathParams(change): PathParams<Uuid>,
    IfMatch(expected): IfMatch,
    input: OptionalInput<Decision>,
) -> Result<Response> {
    let proof = principal.authorize::<DecideRateChanges>()?;
    let verdict = Verdict { name: "rate_changes_approve", sql: sql!("rates", "approve") };
    verdict.rate_changes_decide(&proof, &app, &principal, (change, expected), input).await
}

/// Reject a rate change
///
/// Turns a pending change down. Its proposer may do so too, which takes it back.
#[utoipa::path(
    post,
    path = "/v1/rate-changes/{change_id}/reject",
    operation_id = "rate_changes_reject",
    tag = "rates",
    params(
        ("change_id" = Uuid, Path, description = "The change"),
        ("If-Match" = String, Header, description = "ETag of the change, or `*`"),
    ),
    request_body(content = Option<Decision>, description = "May be left out"),
    responses((status = 200, description = "Turned down", body = RateChange))
)]
pub(crate) async fn reject(
    State(app): State<App>,
    principal: Principal,
    PathParams(change): PathParams<Uuid>,
    IfMatch(expected): IfMatch,
    input: OptionalInput<Decision>,
) -> Result<Response> {
    let proof = principal.authorize::<DecideRateChanges>()?;
    let verdict = Verdict { name: "rate_changes_reject", sql: sql!("rates", "reject") };
    verdict.rate_changes_decide(&proof, &app, &principal, (change, expected), input).await
}

/// Yes or no.
struct Verdict {
    name: &'static str,
    sql: Sql,
}

impl Verdict {
    async fn rate_changes_decide(
        &self,
        _proof: &Authorized<DecideRateChanges>,
        app: &App,
        principal: &Principal,
        (change, expected): (Uuid, Option<i64>),
        input: OptionalInput<Decision>,
    ) -> Result<Response> {
        let note = input.body.validate()?;
        let id = [p::uuid(&change)];
        let values = [p::uuid(&change), p::text(&note), p::int8(&expected)];
        let write = app.write(self.name, principal, &input.idempotency);
        let (done, mut answers) =
            write.last(&[(self.sql, &values), (sql!("rates", "change_get"), &id)]).await?;
        let row = answers.pop().unwrap_or_default().one_or(&problem::NOT_FOUND)?;
        let answer = reply(StatusCode::OK, &RateChange::read(&row)?)?;
        done.reply(answer.etag(row.get("version"))).await
    }
}
