//! A new hold.

use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};
use uuid::Uuid;
use wealth_core::authz::{Authorized, ManageHolds};
use wealth_core::problem;
use wealth_core::retention::NewHold;
use wealth_db::{Row, p, sql};
use wealth_http::{App, Done, Input, Principal, Result, Row404, Write, created};

use super::LegalHold;

/// Place a legal hold
///
/// From now on nothing in its scope is deleted: not by anybody, not by the end of its retention, not
/// with what it hangs on, not by an erasure request, and not with its month of the audit log. It
/// covers what is there and what is recorded later. Many holds may cover one record; each is
/// released by itself. Working data, whose history is in the audit log, cannot be held.
#[utoipa::path(
    post,
    path = "/v1/audit/legal-holds",
    operation_id = "legal_holds_create",
    tag = "audit",
    params(("Idempotency-Key" = String, Header, description = "New for each intent")),
    request_body = NewHold,
    responses((status = 201, description = "Placed", body = LegalHold,
        headers(("ETag" = String), ("Location" = String))))
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    input: Input<NewHold>,
) -> Result<Response> {
    let proof = principal.authorize::<ManageHolds>()?;
    let write = app.write("legal_holds_create", &principal, input.idempotency.required()?);
    let id = app.ids.next();
    let mut hold = json!(input.body.validate()?);
    hold["hold_id"] = json!(id);
    let (done, row) = place(&proof, write, id, &hold).await?;
    let answer = created(&format!("/v1/audit/legal-holds/{id}"), &LegalHold::read(&row)?)?;
    done.reply(answer.etag(row.get("version"))).await
}

async fn place(
    _proof: &Authorized<ManageHolds>,
    write: Write,
    id: Uuid,
    hold: &Value,
) -> Result<(Done, Row)> {
    let (done, mut answers) = write
        .last(&[
            (sql!("audit", "hold_place"), &[p::json(hold)]),
            (sql!("audit", "hold_get"), &[p::uuid(&id)]),
        ])
        .await?;
    Ok((done, answers.pop().unwrap_or_default().one_or(&problem::NOT_FOUND)?))
}
