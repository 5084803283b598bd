//! A new disposal: the dry run.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::authz::{Authorized, DisposeRecords};
use wealth_core::shape::{ExternalId, Note};
use wealth_core::violations::Violations;
use wealth_core::{problem, text};
use wealth_db::{Row, p, sql};
use wealth_http::{App, Done, Input, Principal, Result, Row404, Write, created};

use super::Disposal;

/// Which records, and why now.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewDisposal {
    /// The table, such as `rates.rate_history`.
    #[serde(default)]
    #[schema(required = true, value_type = ExternalId)]
    table_name: String,
    /// Why now.
    #[serde(default)]
    #[schema(required = true, value_type = Note)]
    reason: String,
}

impl NewDisposal {
    fn validate(self) -> Result<(String, String), Violations> {
        let mut v = Violations::new();
        let table = text::clean(&self.table_name, text::EXTERNAL_ID, "/table_name", &mut v);
        let reason = text::clean(&self.reason, text::REASON, "/reason", &mut v);
        v.into_result((table.unwrap_or_default(), reason.unwrap_or_default()))
    }
}

/// Propose a disposal
///
/// Lists the records of a table whose last day is over and which nothing holds, at most 10,000, the
/// oldest first. Nothing is deleted: a second person approves the list, and seven days later a job
/// judges each record once more and deletes what may still go.
#[utoipa::path(
    post,
    path = "/v1/audit/disposals",
    operation_id = "disposals_create",
    tag = "audit",
    params(("Idempotency-Key" = String, Header, description = "New for each intent")),
    request_body = NewDisposal,
    responses((status = 201, description = "Proposed", body = Disposal,
        headers(("ETag" = String), ("Location" = String))))
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    input: Input<NewDisposal>,
) -> Result<Response> {
    let proof = principal.authorize::<DisposeRecords>()?;
    let write = app.write("disposals_create", &principal, input.idempotency.required()?);
    let (table, reason) = input.body.validate()?;
    let id = app.ids.next();
    let (done, row) = propose(&proof, write, id, (&table, &reason)).await?;
    let answer = created(&format!("/v1/audit/disposals/{id}"), &Disposal::read(&row)?)?;
    done.reply(answer.etag(row.get("version"))).await
}

async fn propose(
    _proof: &Authorized<DisposeRecords>,
    write: Write,
    id: Uuid,
    (table, reason): (&str, &str),
) -> Result<(Done, Row)> {
    let proposed = [p::uuid(&id), p::text(&table), p::text(&reason)];
    let (done, mut answers) = write
        .last(&[
            (sql!("audit", "disposal_propose"), &proposed),
            (sql!("audit", "disposal_get"), &[p::uuid(&id)]),
        ])
        .await?;
    Ok((done, answers.pop().unwrap_or_default().one_or(&problem::NOT_FOUND)?))
}
