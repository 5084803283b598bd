//! The early end of an override.

use axum::extract::State;
use axum::response::Response;
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::authz::{Authorized, EditRates};
use wealth_core::shape::Note;
use wealth_core::violations::Violations;
use wealth_core::{Checked, problem, text};
use wealth_db::{Row, p, sql};
use wealth_http::{App, Done, IfMatch, Input, PathParams, Principal, Result, Row404, Write};

use super::RateOverrideView;
use super::decide::answer;

/// When an override ends, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct End {
    /// Its last day; a day before its first one takes it back altogether.
    #[serde(default)]
    #[schema(required = true, value_type = NaiveDate)]
    end_date: Checked<NaiveDate>,
    /// Why it ends.
    #[serde(default)]
    #[schema(required = true, value_type = Note)]
    reason: String,
}

impl End {
    fn validate(self) -> Result<(NaiveDate, String), Violations> {
        let mut v = Violations::new();
        let end = self.end_date.required("/end_date", &mut v);
        let reason = text::clean(&self.reason, text::REASON, "/reason", &mut v);
        v.into_result((end.unwrap_or_default(), reason.unwrap_or_default()))
    }
}

/// End an override
///
/// From the day after `end_date` the account has the product's rate again. What remains is recorded
/// under a new id, which is the answer; what was believed before stays readable by `known_at`.
#[utoipa::path(
    post,
    path = "/v1/rates/overrides/{override_id}/end",
    operation_id = "rate_overrides_end",
    tag = "rates",
    params(
        ("override_id" = Uuid, Path, description = "The override"),
        ("If-Match" = String, Header, description = "Its ETag, or `*`"),
        ("Idempotency-Key" = Option<String>, Header, description = "New for each intent"),
    ),
    request_body = End,
    responses((status = 200, description = "What remains of it, or the one that was taken back",
        body = RateOverrideView))
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<Uuid>,
    IfMatch(expected): IfMatch,
    input: Input<End>,
) -> Result<Response> {
    let proof = principal.authorize::<EditRates>()?;
    let (end, reason) = input.body.validate()?;
    let write = app.write("rate_overrides_end", &principal, &input.idempotency);
    answer(finish(&proof, write, (id, app.ids.next()), (end, reason), expected).await?).await
}

async fn finish(
    _proof: &Authorized<EditRates>,
    write: Write,
    (id, rest): (Uuid, Uuid),
    (end, reason): (NaiveDate, String),
    expected: Option<i64>,
) -> Result<(Done, Row)> {
    let values =
        [p::uuid(&id), p::date(&end), p::uuid(&rest), p::text(&reason), p::int8(&expected)];
    let (done, mut answers) = write
        .last(&[
            (sql!("rates", "override_end"), &values),
            (sql!("rates", "override_get"), &[p::uuid(&id), p::uuid(&rest)]),
        ])
        .await?;
    Ok((done, answers.pop().unwrap_or_default().one_or(&problem::NOT_FOUND)?))
}
