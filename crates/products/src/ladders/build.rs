//! POST /v1/product-ladders

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use wealth_core::authz::{CompareProducts, SellUnappointed};
use wealth_core::comparison::Client;
use wealth_core::ladder::{self, Ladder, MAX_RUNGS, Question};
use wealth_core::violations::Violations;
use wealth_db::{Row, p, sql};
use wealth_http::{App, Input, Principal, Problem, Result};

use super::question::{Asked, NewLadder};
use crate::comparisons::input;

/// Products that are looked at; a firm with more of the same terms asks for fewer terms at once.
const MAX_CANDIDATES: usize = 2_000;

/// A ladder of maturities.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LadderAnswer {
    /// The instant whose rates it rests on.
    #[schema(value_type = String, format = DateTime, example = "2026-11-21T12:00:00.123456Z")]
    known_at: String,
    /// What was known of the client.
    client: Client,
    /// The ladder.
    #[serde(flatten)]
    ladder: Ladder,
}

/// Build a ladder of maturities
///
/// Spreads an amount evenly over terms and fills each with the product of the highest yield to
/// worst among the CDs on sale (and annuities with a guaranteed rate, if asked), for a client's
/// state and age: what it costs, what comes back and when, the average yield and maturity, what one
/// issuer would hold and how much of it is insured, and why other products were not taken. What is
/// bought is whole multiples of a product's minimum investment. It is computed from the rates of
/// this instant and not saved; to keep it, compare the products that it picked.
#[utoipa::path(
    post,
    path = "/v1/product-ladders",
    operation_id = "product_ladders_build",
    tag = "comparisons",
    request_body = NewLadder,
    responses((status = 200, description = "The ladder", body = LadderAnswer)),
    security(("bearer" = [])),
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    input: Input<NewLadder>,
) -> Result<Response> {
    principal.authorize::<CompareProducts>()?;
    let asked = input.body.validate()?;
    let terms = terms(&asked);
    let years = if asked.include_annuities { years(&terms) } else { Vec::new() };
    let months: Vec<String> = terms.iter().map(u32::to_string).collect();
    let limit = i64::try_from(MAX_CANDIDATES + 1).unwrap_or(i64::MAX);
    let rows = app
        .read("product_ladders_build", &principal)
        .query_and_commit(
            sql!("products", "ladder_candidates"),
            &[
                p::texts(&months),
                p::texts(&years),
                p::date(&asked.as_of),
                p::int8(&limit),
                p::text(&asked.client.state.map(|state| state.to_string())),
                p::bool(&!principal.may::<SellUnappointed>()),
            ],
        )
        .await?;
    Ok(Json(answer(&asked, &rows)?).into_response())
}

fn answer(asked: &Asked, rows: &[Row]) -> Result<LadderAnswer> {
    if rows.len() > MAX_CANDIDATES {
        let message = "match more than 2,000 products; ask for fewer terms at once";
        return Err(Violations::one("/rungs", "too_many", message).into());
    }
    let first = rows.first().ok_or_else(|| Problem::internal("no row"))?;
    let known_at: DateTime<Utc> = first.get("known_at");
    let question = Question {
        amount: asked.amount,
        currency: asked.currency,
        as_of: first.get("as_of"),
        client: asked.client,
        rungs: asked.rungs.clone(),
        term_tolerance_months: asked.term_tolerance_months,
        include_callable: asked.include_callable,
        insured_limit: asked.insured_limit,
    };
    let inputs = rows.iter().filter_map(|row| input::read_with_appointment(row).transpose());
    let inputs = inputs.collect::<Result<Vec<_>>>()?;
    let ladder = ladder::build(&inputs, &question).map_err(|error| error.violations())?;
    let known_at = known_at.to_rfc3339_opts(SecondsFormat::Micros, true);
    Ok(LadderAnswer { known_at, client: asked.client, ladder })
}

/// Every term that fits a rung.
fn terms(asked: &Asked) -> BTreeSet<u32> {
    let near = asked.term_tolerance_months;
    let around = |months: &u32| months.saturating_sub(near).max(1)..=months.saturating_add(near);
    asked.rungs.iter().take(MAX_RUNGS).flat_map(around).collect()
}

/// The whole years among them.
fn years(terms: &BTreeSet<u32>) -> Vec<String> {
    terms.iter().filter(|t| t.is_multiple_of(12)).map(|t| (t / 12).to_string()).collect()
}
