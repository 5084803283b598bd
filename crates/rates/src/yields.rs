//! What an amount grows to and the yield that this is: arithmetic only, nothing is stored.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use wealth_core::authz::ViewRates;
use wealth_core::interest::{
    Compounding, DayCount, Derivation, InterestError, Leg, apy, grow, simple,
};
use wealth_core::money::round_half_up;
use wealth_core::violations::Violations;
use wealth_core::{Amount, Parse, Percent};
use wealth_http::{App, Params, Principal, Problem, Result};

use crate::query;
use crate::row::UNIT;

/// A calculation.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Query {
    /// Amount deposited.
    #[param(value_type = Amount)]
    principal: Option<String>,
    /// Interest in percent a year, 0 to 100.
    #[param(value_type = Percent)]
    rate: Option<String>,
    /// First day.
    #[param(value_type = NaiveDate)]
    start_date: Option<String>,
    /// Day on which the term ends; no interest is earned for it. At most 100 years after the first.
    #[param(value_type = NaiveDate)]
    end_date: Option<String>,
    /// When interest is added; `daily` unless given.
    #[param(value_type = Option<Compounding>)]
    compounding: Option<String>,
    /// How days are counted; `ACT/365F` unless given.
    #[param(value_type = Option<DayCount>)]
    day_count: Option<String>,
}

/// The same, right by type.
struct Question {
    principal: Amount,
    rate: Percent,
    start: NaiveDate,
    end: NaiveDate,
    compounding: Compounding,
    day_count: DayCount,
}

/// What the principal becomes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Growth {
    /// The formula.
    #[schema(value_type = String)]
    formula: &'static str,
    /// Interest earned, to the cent.
    interest: Amount,
    /// Principal and interest, to the cent.
    value: Amount,
}

/// The result with everything it rests on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RateYields)]
pub(crate) struct Yields {
    /// Amount deposited.
    principal: Amount,
    /// Interest in percent a year.
    rate: Percent,
    /// Always `percent`.
    #[schema(value_type = String, example = "percent")]
    rate_unit: &'static str,
    /// First day.
    start_date: NaiveDate,
    /// Day on which the term ends.
    end_date: NaiveDate,
    /// When interest is added.
    compounding: Compounding,
    /// How days are counted.
    day_count: DayCount,
    /// Days of the term as the convention counts them.
    days: i64,
    /// The term as a share of a year, to ten decimals.
    #[schema(value_type = String, example = "1.0000000000")]
    year_fraction: Decimal,
    /// Without compounding.
    simple: Growth,
    /// With compounding.
    compound: Growth,
    /// The annual percentage yield of the compound interest (Regulation DD, Appendix A).
    apy: Derivation,
}

const SIMPLE: &str = "principal * (1 + rate * year_fraction)";
const DAILY: &str = "principal * (1 + rate / days in year) ^ days";
const PERIODIC: &str =
    "principal * (1 + rate * period) ^ whole periods * (1 + rate * year fraction of the rest)";

/// Calculate growth and yield
///
/// Simple and compound growth of an amount over a term and the annual percentage yield of
/// Regulation DD, each with its formula. Day counts: ACT/365F, ACT/360, 30/360 and ACT/ACT ISDA.
#[utoipa::path(
    get,
    path = "/v1/rates/yields",
    operation_id = "rates_yields",
    tag = "rates",
    params(Query),
    responses((status = 200, description = "The result", body = Yields))
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    Params(query): Params<Query>,
) -> Result<Response> {
    principal.authorize::<ViewRates>()?;
    let question = query.validate()?;
    // Reads nothing, but the context call refuses a person who has left since the token was made.
    app.read("rates_yields", &principal).batch_and_commit(&[]).await?;
    let answer = question.answer().map_err(undefined)?;
    Ok(Json(answer).into_response())
}

/// A term or amount for which there is no result.
pub(crate) fn undefined(error: InterestError) -> Problem {
    Violations::one("", "no_result", error.to_string()).into()
}

fn required<T: Parse>(text: Option<&str>, pointer: &str, v: &mut Violations) -> Option<T> {
    if text.is_none() {
        v.add(pointer, "required", "is required");
    }
    query::parse(text, pointer, v)
}

impl Query {
    fn validate(&self) -> Result<Question, Violations> {
        let mut v = Violations::new();
        let principal = required(self.principal.as_deref(), "/principal", &mut v);
        if principal == Some(Amount::ZERO) {
            v.add("/principal", "out_of_range", "must be more than zero");
        }
        let rate: Option<Percent> = required(self.rate.as_deref(), "/rate", &mut v);
        if rate.is_some_and(|rate| !rate.is_share()) {
            v.add("/rate", "out_of_range", "must lie between 0 and 100");
        }
        let start: Option<NaiveDate> = required(self.start_date.as_deref(), "/start_date", &mut v);
        let end: Option<NaiveDate> = required(self.end_date.as_deref(), "/end_date", &mut v);
        if let (Some(start), Some(end)) = (start, end)
            && !(1..=36_525).contains(&end.signed_duration_since(start).num_days())
        {
            v.add("/end_date", "date_range_invalid", "must be 1 day to 100 years after start_date");
        }
        let compounding = query::parse(self.compounding.as_deref(), "/compounding", &mut v);
        let day_count = query::parse(self.day_count.as_deref(), "/day_count", &mut v);
        let (Some(principal), Some(rate), Some(start), Some(end)) = (principal, rate, start, end)
        else {
            return Err(v);
        };
        v.into_result(Question {
            principal,
            rate,
            start,
            end,
            compounding: compounding.unwrap_or(Compounding::Daily),
            day_count: day_count.unwrap_or(DayCount::Act365Fixed),
        })
    }
}

impl Question {
    fn answer(&self) -> Result<Yields, InterestError> {
        let years = self.day_count.year_fraction(self.start, self.end)?;
        let leg = Leg { rate: self.rate, start: self.start, end: self.end };
        let grown = grow(self.principal.decimal(), &[leg], self.compounding, self.day_count)?;
        let compound = self.growth(self.formula(), grown)?;
        let actual = self.end.signed_duration_since(self.start).num_days();
        let actual = u32::try_from(actual).map_err(|_| InterestError::Overflow)?;
        let mut year_fraction = round_half_up(years, 10);
        year_fraction.rescale(10);
        Ok(Yields {
            principal: self.principal,
            rate: self.rate,
            rate_unit: UNIT,
            start_date: self.start,
            end_date: self.end,
            compounding: self.compounding,
            day_count: self.day_count,
            days: self.day_count.days(self.start, self.end),
            year_fraction,
            simple: self.growth(SIMPLE, simple(self.principal.decimal(), self.rate, years)?)?,
            apy: apy(self.principal, compound.interest, actual)?,
            compound,
        })
    }

    fn growth(&self, formula: &'static str, value: Decimal) -> Result<Growth, InterestError> {
        let interest = Amount::rounded(value - self.principal.decimal())?;
        Ok(Growth { formula, interest, value: Amount::rounded(value)? })
    }

    const fn formula(&self) -> &'static str {
        match self.compounding {
            Compounding::Daily => DAILY,
            Compounding::Simple | Compounding::AtMaturity => SIMPLE,
            _ => PERIODIC,
        }
    }
}
