//! PATCH /v1/products/{product_id}

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use wealth_core::authz::{Authorized, EditProducts};
use wealth_core::ids::ProductId;
use wealth_core::json::from_value;
use wealth_core::problem;
use wealth_core::product::{NewProduct, ProductDraft, ProductPatch};
use wealth_db::{Row, p, sql};
use wealth_http::{
    App, IfMatch, Input, PathParams, Principal, Problem, Reply, Result, Row404, Write, json,
};

use crate::row::Timestamp;
use crate::view::ProductView;

/// Change a product
///
/// A merge patch (RFC 7396). The result is checked as a whole. A new text of the terms and
/// conditions makes a new version of them. Rates, availability and activity have operations of
/// their own. A patch that changes nothing leaves the version as it is.
#[utoipa::path(
    patch,
    path = "/v1/products/{product_id}",
    operation_id = "products_patch",
    tag = "products",
    params(
        ("product_id" = ProductId, Path, description = "The product"),
        ("If-Match" = String, Header, description = "The product's ETag"),
        ("Idempotency-Key" = Option<String>, Header, description = "New for each intent"),
    ),
    request_body(content((ProductPatch = "application/merge-patch+json"))),
    responses((status = 200, description = "The product", body = ProductView,
        headers(("ETag" = String)))),
    security(("bearer" = [])),
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<ProductId>,
    IfMatch(expected): IfMatch,
    input: Input<ProductPatch>,
) -> Result<Response> {
    let allowed = principal.authorize::<EditProducts>()?;
    let mut write = app.write("product_patch", &principal, &input.idempotency);
    let (row, actor) = current(&mut write, id).await?;
    let mut view = ProductView::read(&row)?;
    if expected.is_some_and(|version| version != view.summary.version) {
        return Err(Problem::new(&problem::VERSION_CONFLICT, "The product was changed meanwhile."));
    }
    let before = draft(&view)?;
    let after = input.body.apply(&before)?;
    let changes = changes(&before, &after)?;
    if changes.is_empty() {
        let version = view.summary.version;
        return write.finish(&[], json(StatusCode::OK, &view)?.etag(version)).await;
    }
    let seen = view.summary.version;
    foresee(&mut view, after, &actor)?;
    let reply = json(StatusCode::OK, &view)?.etag(view.summary.version);
    update(write, &allowed, id, seen, &Value::Object(changes), reply).await
}

/// The product as it stands, and who changes it when.
async fn current(write: &mut Write, id: ProductId) -> Result<(Row, Row)> {
    let mut answers = write
        .run(&[
            (sql!("products", "get_by_id"), &[p::uuid(&id.uuid())]),
            (sql!("products", "actor"), &[]),
        ])
        .await?;
    let actor = answers.pop().unwrap_or_default().one_or(&problem::NOT_FOUND)?;
    let product = answers.pop().unwrap_or_default().one_or(&problem::PRODUCT_NOT_FOUND)?;
    Ok((product, actor))
}

/// The product as the rules know it. What is stored has been validated, so a violation is a fault.
fn draft(view: &ProductView) -> Result<ProductDraft> {
    let mut document = object(view)?;
    let known = object(&NewProduct::default())?;
    document.retain(|name, value| !value.is_null() && known.contains_key(name));
    // Windows are no part of a patch.
    document.shift_remove("availability");
    let product = from_value::<NewProduct>(Value::Object(document));
    product
        .and_then(NewProduct::validate)
        .map_err(|found| Problem::internal(format!("a stored product breaks a rule: {found}")))
}

/// The members that differ, as `products.update_product` takes them.
fn changes(before: &ProductDraft, after: &ProductDraft) -> Result<Map<String, Value>> {
    let (before, mut after) = (object(before)?, object(after)?);
    after.retain(|name, value| before.get(name) != Some(value));
    if after.get("states").is_some_and(|states| states.as_array().is_some_and(Vec::is_empty)) {
        after.insert("states".to_owned(), Value::Null);
    }
    Ok(after)
}

/// Writes into the view what the update will have done, so that the answer can be stored in the
/// same round trip. The update insists on the version seen, so nothing can come in between; a test
/// holds this answer and the next reading equal.
fn foresee(view: &mut ProductView, after: ProductDraft, actor: &Row) -> Result<()> {
    let summary = &mut view.summary;
    summary.isin = after.isin;
    summary.product_name = after.product_name;
    summary.product_subtype = after.product_subtype;
    summary.issuer = after.issuer;
    summary.description = after.description;
    summary.minimum_investment = after.minimum_investment;
    summary.maximum_investment = after.maximum_investment;
    summary.return_of_premium = after.return_of_premium;
    summary.return_of_premium_percentage = after.return_of_premium_percentage;
    summary.states = after.states;
    summary.terms_version += i32::from(view.terms_and_conditions != after.terms_and_conditions);
    summary.version += 1;
    summary.updated_at = Timestamp(actor.get::<_, DateTime<Utc>>("changed_at"));
    summary.updated_by = actor.get("changed_by");
    view.terms_and_conditions = after.terms_and_conditions;
    view.annuity_terms = after.annuity_terms.as_ref().map(value).transpose()?;
    view.cd_terms = after.cd_terms.as_ref().map(value).transpose()?;
    Ok(())
}

async fn update(
    write: Write,
    _: &Authorized<EditProducts>,
    id: ProductId,
    seen: i64,
    changes: &Value,
    reply: Reply,
) -> Result<Response> {
    let id = id.uuid();
    let params = [p::uuid(&id), p::int8(&seen), p::json(changes)];
    write.finish(&[(sql!("products", "update"), &params)], reply).await
}

fn value<T: serde::Serialize>(from: &T) -> Result<Value> {
    serde_json::to_value(from).map_err(|error| Problem::internal(error.to_string()))
}

fn object<T: serde::Serialize>(from: &T) -> Result<Map<String, Value>> {
    match value(from)? {
        Value::Object(map) => Ok(map),
        _ => Err(Problem::internal("not an object")),
    }
}
