//! The annual percentage yield of a product, with its derivation.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use wealth_core::authz::ViewRates;
use wealth_core::interest::{
    Compounding, DayCount, Derivation, InterestError, Leg, apy, apy_of_cd, grow,
};
use wealth_core::product::{
    CdTerms, NewAnnuityTerms, NewCdTerms, ProductSubtype, RateBand, addition,
};
use wealth_core::violations::Violations;
use wealth_core::{Amount, Currency, Parse, Percent, dates, problem};
use wealth_db::{Row, p, sql};
use wealth_http::{App, Params, PathParams, Principal, Problem, Result, Row404};

use crate::query::{self, AsOf};
use crate::row::{UNIT, percent};

/// Which day, as believed when, and for how much.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Query {
    /// The day asked about; today in the tenant's time zone unless given.
    #[param(value_type = Option<NaiveDate>)]
    as_of: Option<String>,
    /// The instant whose knowledge of rate and terms counts (RFC 3339); now unless given.
    #[param(value_type = Option<DateTime<Utc>>)]
    known_at: Option<String>,
    /// Amount to invest, which decides the premium band; the lowest band unless given.
    #[param(value_type = Option<Amount>)]
    amount: Option<String>,
}

/// The yield, and apart from it what must not enter into it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProductYield {
    /// The product.
    product_id: Uuid,
    /// The day on which the deposit is assumed to be made.
    as_of: NaiveDate,
    /// The instant whose knowledge counted; null is now.
    known_at: Option<DateTime<Utc>>,
    /// Currency of the amounts.
    currency: Currency,
    /// Interest in percent a year on that day; null before the first rate.
    base_rate: Option<Percent>,
    /// The same with what the premium band of the amount adds: the rate that the yield rests on.
    rate_for_amount: Option<Percent>,
    /// Bonus in percent, which the yield leaves out (Regulation DD, Appendix A, Part I).
    bonus_rate: Option<Percent>,
    /// Always `percent`.
    #[schema(value_type = String, example = "percent")]
    rate_unit: &'static str,
    /// What was assumed beside the rate; null without a yield.
    assumptions: Option<Assumptions>,
    /// The yield and how it was found; null where there is none.
    apy: Option<Derivation>,
    /// Why there is no yield.
    #[schema(value_type = Option<String>)]
    why_none: Option<&'static str>,
}

/// What the yield rests on beside the rate.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[schema(as = ApyAssumptions)]
pub(crate) struct Assumptions {
    /// Months for which principal and interest stay.
    term_months: u32,
    /// When interest is added.
    compounding: Compounding,
    /// How days are counted.
    day_count: DayCount,
    /// Whether the terms of the product say so; else they are the platform's.
    from_terms: bool,
}

const NO_RATE: &str = "the product has no rate on this day";
const CONTINGENT: &str = "its earnings depend on an index or a market, which a yield leaves out (12 CFR 1030, Appendix A)";
const INCOME: &str = "its rate is a payout rate, which returns principal with interest";

/// Get a product's annual percentage yield
///
/// By Regulation DD (12 CFR 1030, Appendix A), from the rate on a day and the terms of the
/// product, with formula, days, rounding and inputs. The bonus stands apart, and an amount earns the
/// rate of its premium band. Products without terms of a CD are taken to add interest once a year
/// and to be held for one.
#[utoipa::path(
    get,
    path = "/v1/products/{product_id}/rates/apy",
    operation_id = "rates_apy",
    tag = "rates",
    params(("product_id" = Uuid, Path, description = "The product"), Query),
    responses((status = 200, description = "The yield", body = ProductYield))
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(product): PathParams<String>,
    Params(query): Params<Query>,
) -> Result<Response> {
    principal.authorize::<ViewRates>()?;
    let product = query::product_id(&product)?.uuid();
    let mut found = Violations::new();
    let amount = query::parse(query.amount.as_deref(), "/amount", &mut found);
    let days = AsOf { as_of: query.as_of, known_at: query.known_at };
    found.into_result(())?;
    let (as_of, known_at) = days.read()?;
    let params = [p::uuid(&product), p::date(&as_of), p::timestamptz(&known_at)];
    let read = app.read("rates_apy", &principal);
    let rows = read.query_and_commit(sql!("rates", "apy_inputs"), &params).await?;
    let row = rows.one_or(&problem::PRODUCT_NOT_FOUND)?;
    Ok(Json(answer(&row, known_at, amount.unwrap_or_default())?).into_response())
}

fn answer(row: &Row, known_at: Option<DateTime<Utc>>, amount: Amount) -> Result<ProductYield> {
    let currency = row.get::<_, &str>("currency");
    let unreadable = |error| Problem::internal(format!("currency {currency}: {error}"));
    let mut answer = ProductYield {
        product_id: row.get("product_id"),
        as_of: row.get("as_of"),
        known_at,
        currency: Currency::parse(currency).map_err(unreadable)?,
        base_rate: None,
        rate_for_amount: None,
        bonus_rate: None,
        rate_unit: UNIT,
        assumptions: None,
        apy: None,
        why_none: None,
    };
    if row.get::<_, Option<Uuid>>("rate_history_id").is_none() {
        answer.why_none = Some(NO_RATE);
        return Ok(answer);
    }
    let rate = percent(row, "base_rate")?;
    answer.base_rate = Some(rate);
    answer.bonus_rate = Some(percent(row, "bonus_rate")?);
    let terms = cd_terms(row.get("cd_terms"))?;
    let bands = match &terms {
        Some(terms) => terms.rate_bands.clone(),
        None => annuity_bands(row.get("annuity_terms"))?,
    };
    let rate = Percent::rounded(rate.decimal() + addition(&bands, amount).decimal())
        .map_err(|error| Problem::internal(error.to_string()))?;
    answer.rate_for_amount = Some(rate);
    answer.why_none = without_yield(row.get("product_subtype"));
    if answer.why_none.is_none() {
        answer.assumptions = Some(assumptions(terms.as_ref()));
        let derivation = derive(rate, terms.as_ref(), answer.as_of);
        answer.apy = Some(derivation.map_err(|error| Problem::internal(error.to_string()))?);
    }
    Ok(answer)
}

/// Why products of this kind state no yield.
fn without_yield(subtype: Option<&str>) -> Option<&'static str> {
    match ProductSubtype::parse(subtype?).ok()? {
        ProductSubtype::Fia
        | ProductSubtype::Rila
        | ProductSubtype::Va
        | ProductSubtype::StructuredNote => Some(CONTINGENT),
        subtype if subtype.is_income() => Some(INCOME),
        _ => None,
    }
}

/// The stored terms; they were validated when they were stored.
fn cd_terms(stored: Option<serde_json::Value>) -> Result<Option<CdTerms>> {
    let Some(stored) = stored else { return Ok(None) };
    let unreadable =
        |error: wealth_core::Violations| Problem::internal(format!("cd_terms: {error}"));
    let terms: NewCdTerms = wealth_core::json::from_value(stored).map_err(unreadable)?;
    terms.validate(None).map(Some).map_err(unreadable)
}

/// The premium bands of stored annuity terms.
fn annuity_bands(stored: Option<serde_json::Value>) -> Result<Vec<RateBand>> {
    let Some(stored) = stored else { return Ok(Vec::new()) };
    let unreadable =
        |error: wealth_core::Violations| Problem::internal(format!("annuity_terms: {error}"));
    let terms: NewAnnuityTerms = wealth_core::json::from_value(stored).map_err(unreadable)?;
    Ok(NewAnnuityTerms { crediting: None, ..terms }.validate(None).map_err(unreadable)?.rate_bands)
}

fn assumptions(terms: Option<&CdTerms>) -> Assumptions {
    match terms {
        Some(terms) => Assumptions {
            term_months: terms.term_months,
            compounding: terms.compounding,
            day_count: terms.day_count,
            from_terms: true,
        },
        None => Assumptions {
            term_months: 12,
            compounding: Compounding::Annual,
            day_count: DayCount::Act365Fixed,
            from_terms: false,
        },
    }
}

/// 100,000.00: large enough that interest in whole cents does not move the second decimal.
fn assumed_principal() -> Amount {
    Amount::new(rust_decimal::Decimal::from(100_000)).unwrap_or_default()
}

fn derive(
    rate: Percent,
    terms: Option<&CdTerms>,
    as_of: NaiveDate,
) -> Result<Derivation, InterestError> {
    let principal = assumed_principal();
    if let Some(terms) = terms {
        return apy_of_cd(principal, rate, terms, as_of);
    }
    let end = dates::add_months(as_of, 12)?;
    let leg = Leg { rate, start: as_of, end };
    let value = grow(principal.decimal(), &[leg], Compounding::Annual, DayCount::Act365Fixed)?;
    let interest = Amount::rounded(value - principal.decimal())?;
    apy(principal, interest, 365)
}
