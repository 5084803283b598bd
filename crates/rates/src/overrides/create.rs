//! A rate for one account.

use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};
use uuid::Uuid;
use wealth_core::authz::{Authorized, EditRates};
use wealth_core::problem;
use wealth_core::rate_override::NewRateOverride;
use wealth_db::{Row, p, sql};
use wealth_http::{App, Done, Input, PathParams, Principal, Result, Row404, Write, created};

use super::RateOverrideView;
use crate::query;

/// Override the rate of an account
///
/// For a reason and a time. Within the tolerance from every rate that the product has meanwhile it is
/// `applied` at once; beyond it is `pending` and a second person decides. Two overrides of an
/// account never overlap: end the one before first.
#[utoipa::path(
    post,
    path = "/v1/products/{product_id}/rates/overrides",
    operation_id = "rate_overrides_create",
    tag = "rates",
    params(
        ("product_id" = Uuid, Path, description = "The product"),
        ("Idempotency-Key" = String, Header, description = "New for each intent"),
    ),
    request_body = NewRateOverride,
    responses((status = 201, description = "In force, or waiting", body = RateOverrideView,
        headers(("ETag" = String), ("Location" = String))))
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(product): PathParams<String>,
    input: Input<NewRateOverride>,
) -> Result<Response> {
    let proof = principal.authorize::<EditRates>()?;
    let product_id = query::product_id(&product)?.uuid();
    let write = app.write("rate_overrides_create", &principal, input.idempotency.required()?);
    let given = input.body.validate()?;
    let id = app.ids.next();
    let mut kept = json!(given);
    kept["override_id"] = json!(id);
    kept["product_id"] = json!(product_id);
    let (done, row) = propose(&proof, write, id, &kept).await?;
    let answer = created(&format!("/v1/rates/overrides/{id}"), &RateOverrideView::read(&row)?)?;
    done.reply(answer.etag(row.get("version"))).await
}

async fn propose(
    _proof: &Authorized<EditRates>,
    write: Write,
    id: Uuid,
    kept: &Value,
) -> Result<(Done, Row)> {
    let none = None::<Uuid>;
    let (done, mut answers) = write
        .last(&[
            (sql!("rates", "override_propose"), &[p::json(kept)]),
            (sql!("rates", "override_get"), &[p::uuid(&id), p::uuid(&none)]),
        ])
        .await?;
    Ok((done, answers.pop().unwrap_or_default().one_or(&problem::NOT_FOUND)?))
}
