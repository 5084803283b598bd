//! POST /v1/product-comparisons/{comparison_id}/recommendations

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use wealth_core::authz::{Authorized, CompareProducts};
use wealth_core::currency::Currency;
use wealth_core::ids::{ComparisonId, ProductId, RecommendationId};
use wealth_core::money::Amount;
use wealth_core::problem;
use wealth_core::recommendation::{NewRecommendation, Recommendation, figures};
use wealth_core::violations::Violations;
use wealth_db::{p, sql};
use wealth_http::{
    App, Input, PathParams, Principal, Problem, Reply, Result, Row404, Write, created,
};

use super::{Kept, RecommendationView, Record};

/// What a saved comparison says, as far as a recommendation reads it.
#[derive(Deserialize)]
struct Compared {
    amount: Amount,
    currency: Currency,
    products: Vec<Product>,
}

#[derive(Deserialize)]
struct Product {
    product_id: ProductId,
    product_name: String,
    eligibility: Eligibility,
    values: Vec<Point>,
}

#[derive(Deserialize)]
struct Eligibility {
    eligible: bool,
}

#[derive(Deserialize)]
struct Point {
    months: u32,
    early_value: Option<Amount>,
}

/// Recommend a compared product
///
/// Keeps the record of a recommendation in the consumer's best interest (NAIC Model #275, sections
/// 5(C), 6(A) and 9): the consumer profile with what the consumer refused to give, the ground, what
/// was disclosed, what was said of the producer's pay, and for a replacement what is lost by it and
/// when it breaks even by the figures of the comparison. Only from one's own comparison, and only a
/// product that was eligible in it. The record is sealed with the comparison's digest, never
/// changed, and waits for a second person's review.
#[utoipa::path(
    post,
    path = "/v1/product-comparisons/{comparison_id}/recommendations",
    operation_id = "recommendations_create",
    tag = "recommendations",
    params(
        ("comparison_id" = ComparisonId, Path, description = "The comparison"),
        ("Idempotency-Key" = String, Header, description = "New for each intent"),
    ),
    request_body = NewRecommendation,
    responses((status = 201, description = "The recommendation", body = RecommendationView,
        headers(("Location" = String)))),
    security(("bearer" = [])),
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(comparison): PathParams<ComparisonId>,
    input: Input<NewRecommendation>,
) -> Result<Response> {
    let allowed = principal.authorize::<CompareProducts>()?;
    let mut write = app.write("recommendations_create", &principal, input.idempotency.required()?);
    let given = input.body.validate()?;
    let own = comparison.uuid();
    let basis = [p::uuid(&own)];
    let mut answers = write.run(&[(sql!("products", "recommendation_basis"), &basis)]).await?;
    let basis = answers.pop().unwrap_or_default().one_or(&problem::NOT_FOUND)?;
    let id = RecommendationId::new(&*app.ids);
    let kept = kept(id, comparison, given, basis.get("result"))?;
    let shown = RecommendationView::made(&kept, &basis)?;
    let location = format!("/v1/product-recommendations/{id}");
    insert(write, &allowed, &kept, created(&location, &shown)?).await
}

/// What `products.recommend` keeps.
fn kept(
    id: RecommendationId,
    comparison: ComparisonId,
    given: Recommendation,
    result: &str,
) -> Result<Kept> {
    let corrupt = |error: serde_json::Error| Problem::internal(error.to_string());
    let shown: Compared = serde_json::from_str(result).map_err(corrupt)?;
    let refuse = |message: &str| Violations::one("/product_id", "invalid", message.to_owned());
    let product = shown.products.into_iter().find(|p| p.product_id.uuid() == given.product_id);
    let product = product.ok_or_else(|| refuse("is none of the products that were compared"))?;
    if !product.eligibility.eligible {
        return Err(refuse("was not eligible in this comparison").into());
    }
    let points: Vec<_> = product.values.iter().map(|p| (p.months, p.early_value)).collect();
    let figures = given.replacement.as_ref().map(|old| figures(old, shown.amount, &points));
    let record = Record {
        currency: shown.currency,
        product_name: product.product_name,
        profile: given.profile,
        refused: given.refused,
        basis: given.basis,
        disclosures: given.disclosures,
        cash_compensation: given.cash_compensation,
        replacement: given.replacement,
        replacement_figures: figures,
    };
    Ok(Kept {
        recommendation_id: id,
        comparison_id: comparison,
        product_id: given.product_id.into(),
        client_reference: given.client_reference,
        is_replacement: record.replacement.is_some(),
        record: serde_json::to_string(&record).map_err(corrupt)?,
    })
}

async fn insert(
    write: Write,
    _: &Authorized<CompareProducts>,
    kept: &Kept,
    reply: Reply,
) -> Result<Response> {
    let given = json!({
        "recommendation_id": kept.recommendation_id,
        "comparison_id": kept.comparison_id,
        "product_id": kept.product_id,
        "client_reference": kept.client_reference,
        "is_replacement": kept.is_replacement,
        "record": kept.record,
    });
    write.finish(&[(sql!("products", "recommendation_add"), &[p::json(&given)])], reply).await
}
