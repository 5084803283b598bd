//! GET /v1/product-comparisons/{comparison_id}/reproduction

use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;
use wealth_core::authz::{CompareProducts, ReviewComparisons};
use wealth_core::comparison::{Assumptions, Client, Engine, Scenario, compare};
use wealth_core::ids::{ComparisonId, UserId};
use wealth_core::json::from_value;
use wealth_core::problem;
use wealth_db::{Row, p, sql};
use wealth_http::{App, PathParams, Principal, Problem, Result, Row404};

use super::{Comparison, get, input};
use crate::row;

/// Reproduce a saved comparison
///
/// Computes it anew from the history: each product as it was recorded, and each rate as it was
/// believed, at the instant when the comparison was made, by the version of the rules that made it.
/// The answer is the stored one byte for byte; should it ever differ, it is refused as
/// `comparison_differs`.
#[utoipa::path(
    get,
    path = "/v1/product-comparisons/{comparison_id}/reproduction",
    operation_id = "comparisons_reproduce",
    tag = "comparisons",
    params(("comparison_id" = ComparisonId, Path, description = "The comparison")),
    responses((status = 200, description = "The comparison, computed anew", body = Comparison,
        headers(("Content-Digest" = String)))),
    security(("bearer" = [])),
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<ComparisonId>,
) -> Result<Response> {
    principal.authorize::<CompareProducts>()?;
    let tx = app.read("comparison_reproduce", &principal);
    let anybody = principal.may::<ReviewComparisons>();
    let mut answers = tx
        .batch_and_commit(&[
            (sql!("products", "comparison_get"), &[p::uuid(&id.uuid()), p::bool(&anybody)]),
            (sql!("products", "comparison_replay"), &[p::uuid(&id.uuid())]),
        ])
        .await?;
    let facts = answers.pop().unwrap_or_default();
    let saved = answers.pop().unwrap_or_default().one_or(&problem::NOT_FOUND)?;
    let again = recompute(id, &saved, &facts)?;
    if again == saved.get::<_, &str>("result") { Ok(get::answer(again)) } else { Err(differs()) }
}

/// The text that the facts give now.
fn recompute(id: ComparisonId, saved: &Row, facts: &[Row]) -> Result<String> {
    #[derive(Deserialize)]
    struct Request {
        client: Client,
        #[serde(default)]
        assumptions: Assumptions,
        #[serde(default)]
        not_appointed: Vec<Uuid>,
    }
    let request: Request = from_value(saved.get("request"))
        .map_err(|found| Problem::internal(format!("column request: {found}")))?;
    let version = saved.get::<_, i16>("engine_version");
    let scenario = Scenario {
        amount: row::amount(saved, "investment_amount")?,
        currency: row::parsed(saved, "currency")?,
        horizon_months: u32::try_from(saved.get::<_, i32>("horizon_months"))
            .map_err(|error| Problem::internal(format!("column horizon_months: {error}")))?,
        as_of: saved.get("as_of"),
        client: request.client,
        assumptions: request.assumptions,
        engine: Engine::from_number(version)
            .ok_or_else(|| Problem::internal(format!("column engine_version: {version}")))?,
    };
    let inputs = facts.iter().filter_map(|row| input::read(row).transpose());
    let mut inputs = inputs.collect::<Result<Vec<_>>>()?;
    for input in &mut inputs {
        input.not_appointed = request.not_appointed.contains(&input.product_id.uuid());
    }
    let result = compare(&inputs, &scenario).map_err(|_| differs())?;
    let user = UserId::from(saved.get::<_, Uuid>("user_id"));
    let known_at = saved.get::<_, DateTime<Utc>>("known_at");
    Comparison::new(id, user, known_at, &scenario, result).text()
}

fn differs() -> Problem {
    let text = "Computed from what was recorded when the comparison was made, the answer is not \
                the one that was shown. The stored answer stands.";
    Problem::new(&problem::COMPARISON_DIFFERS, text)
        .because("a saved comparison does not reproduce")
}
