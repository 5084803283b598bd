//! What a ladder answers.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;

use super::Question;
use super::build::{Filled, institution, issuer_key};
use super::candidate::{Candidate, LeftOut};
use crate::comparison::{Reason, YieldToWorst};
use crate::currency::Currency;
use crate::cusip::Cusip;
use crate::ids::ProductId;
use crate::interest::InterestError;
use crate::money::{Amount, Percent, round_half_up};
use crate::product::{ProductSubtype, ProductType};

/// The product of a rung.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Pick {
    /// The product.
    pub product_id: ProductId,
    /// Its CUSIP.
    pub cusip: Cusip,
    /// Its name as shown.
    pub product_name: String,
    /// Insurer or bank.
    pub issuer: Option<String>,
    /// Its type.
    pub product_type: ProductType,
    /// Its kind within the type.
    pub product_subtype: Option<ProductSubtype>,
    /// What is bought: whole multiples of its minimum.
    pub amount: Amount,
    /// Months to maturity or to the end of the guarantee.
    pub term_months: u32,
    /// That day.
    pub maturity_date: NaiveDate,
    /// Base rate as shown, percent a year.
    pub base_rate: Percent,
    /// Bonus as shown, percent.
    pub bonus_rate: Percent,
    /// The rate for this amount, percent a year.
    pub rate_for_amount: Percent,
    /// First day of the rate shown.
    pub rate_effective_date: NaiveDate,
    /// What comes back on the last day.
    pub value_at_maturity: Amount,
    /// Bonus in money, part of it.
    pub bonus_amount: Amount,
    /// The first day on which the bank may repay.
    pub first_call_date: Option<NaiveDate>,
    /// Constant yearly growth to maturity, in percent.
    pub yield_to_maturity: Option<Percent>,
    /// The lowest over every call and maturity.
    pub yield_to_worst: Option<YieldToWorst>,
    /// What else to know.
    pub warnings: Vec<Reason>,
}

impl From<Candidate<'_>> for Pick {
    fn from(found: Candidate<'_>) -> Self {
        let Candidate { input, amount, holding, .. } = found;
        Self {
            product_id: input.product_id,
            cusip: input.cusip,
            product_name: input.product_name.clone(),
            issuer: input.issuer.clone(),
            product_type: input.product_type,
            product_subtype: input.product_subtype,
            amount,
            term_months: super::candidate::term(input).unwrap_or_default(),
            maturity_date: holding.maturity_date,
            base_rate: input.base_rate,
            bonus_rate: input.bonus_rate,
            rate_for_amount: holding.rate,
            rate_effective_date: input.rate_effective_date,
            value_at_maturity: holding.value_at_maturity,
            bonus_amount: holding.bonus_amount,
            first_call_date: holding.first_call_date,
            yield_to_maturity: holding.yields.yield_to_maturity,
            yield_to_worst: holding.yields.yield_to_worst,
            warnings: holding.eligibility.warnings,
        }
    }
}

/// One term of the ladder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Rung {
    /// Months.
    pub months: u32,
    /// Its even share of the amount.
    pub share: Amount,
    /// What fills it; null if nothing fits.
    pub pick: Option<Pick>,
    /// Products of this term that were not taken, the best first; at most 20.
    pub left_out: Vec<LeftOut>,
    /// How many there are.
    pub left_out_count: usize,
}

/// What moves money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CashFlowKind {
    /// Money is invested.
    Investment,
    /// Money comes back.
    Maturity,
}

/// Money on a day, seen from the client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CashFlow {
    /// The day.
    pub date: NaiveDate,
    /// What happens.
    pub kind: CashFlowKind,
    /// The product.
    pub product_id: ProductId,
    /// Principal that goes or comes.
    pub principal: Amount,
    /// Interest that comes with it.
    pub interest: Amount,
    /// Bonus that comes with it.
    pub bonus: Amount,
    /// All of it; below zero when it is paid.
    #[schema(value_type = String, example = "-20000.00")]
    pub total: Decimal,
}

/// What one issuer holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Concentration {
    /// The issuer; null if the product names none.
    pub issuer: Option<String>,
    /// Whether the FDIC insures it.
    pub fdic_insured: bool,
    /// Principal.
    pub principal: Amount,
    /// Share of all that is invested, in percent.
    pub share: Percent,
    /// Principal with all interest and bonus: the most that can be there at once.
    pub at_maturity: Amount,
    /// Part of that above the limit, or all of it where nothing is insured.
    pub uninsured: Amount,
}

/// A ladder of maturities.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Ladder {
    /// Amount to spread.
    pub amount: Amount,
    /// Its currency.
    pub currency: Currency,
    /// Day of investment.
    pub as_of: NaiveDate,
    /// Most principal that one insured institution is given.
    pub insured_limit: Amount,
    /// What is invested.
    pub invested: Amount,
    /// What is not.
    pub uninvested: Amount,
    /// Yields to worst, weighted by amount, in percent; null if nothing is invested.
    pub average_yield: Option<Percent>,
    /// Terms in months, weighted by amount; null if nothing is invested.
    #[schema(value_type = Option<String>, example = "36.00")]
    pub weighted_average_maturity_months: Option<Decimal>,
    /// From the shortest.
    pub rungs: Vec<Rung>,
    /// By day.
    pub cash_flows: Vec<CashFlow>,
    /// The largest first.
    pub concentration: Vec<Concentration>,
}

pub(super) fn report(
    filled: Vec<Filled<'_>>,
    share: Amount,
    question: &Question,
) -> Result<Ladder, InterestError> {
    let picks: Vec<_> = filled.iter().filter_map(|rung| rung.pick.as_ref()).collect();
    let invested: Decimal = picks.iter().map(|pick| pick.amount.decimal()).sum();
    let concentration = concentration(&picks, invested, question.insured_limit)?;
    let weighted = |of: &dyn Fn(&Candidate<'_>) -> Decimal| {
        let sum: Decimal = picks.iter().map(|pick| pick.amount.decimal() * of(pick)).sum();
        sum.checked_div(invested)
    };
    let yields = weighted(&|pick| pick.percent().unwrap_or_default().decimal());
    let terms = weighted(&|pick| super::candidate::term(pick.input).unwrap_or_default().into());
    let average_yield = yields.map(Percent::rounded).transpose()?;
    let rungs: Vec<Rung> = filled.into_iter().map(|rung| rung.shown(share)).collect();
    Ok(Ladder {
        amount: question.amount,
        currency: question.currency,
        as_of: question.as_of,
        insured_limit: question.insured_limit,
        invested: Amount::rounded(invested)?,
        uninvested: Amount::rounded(question.amount.decimal() - invested)?,
        average_yield,
        weighted_average_maturity_months: terms.map(|months| {
            let mut months = round_half_up(months, 2);
            months.rescale(2);
            months
        }),
        cash_flows: cash_flows(&rungs, question.as_of)?,
        rungs,
        concentration,
    })
}

fn cash_flows(rungs: &[Rung], issued: NaiveDate) -> Result<Vec<CashFlow>, InterestError> {
    let mut flows = Vec::with_capacity(rungs.len() * 2);
    for pick in rungs.iter().filter_map(|rung| rung.pick.as_ref()) {
        let (principal, back) = (pick.amount.decimal(), pick.value_at_maturity);
        let interest = back.decimal() - principal - pick.bonus_amount.decimal();
        let flow = |date, kind, interest, bonus, total| CashFlow {
            date,
            kind,
            product_id: pick.product_id,
            principal: pick.amount,
            interest,
            bonus,
            total,
        };
        let none = Amount::ZERO;
        flows.push(flow(issued, CashFlowKind::Investment, none, none, -principal));
        let interest = Amount::rounded(interest)?;
        let kind = CashFlowKind::Maturity;
        flows.push(flow(pick.maturity_date, kind, interest, pick.bonus_amount, back.decimal()));
    }
    // Stable: within a day from the shortest rung.
    flows.sort_by_key(|flow| (flow.date, flow.kind));
    Ok(flows)
}

fn concentration(
    picks: &[&Candidate<'_>],
    invested: Decimal,
    limit: Amount,
) -> Result<Vec<Concentration>, InterestError> {
    let mut by_issuer: BTreeMap<_, Vec<&Candidate<'_>>> = BTreeMap::new();
    for pick in picks {
        let insured = institution(pick.input).is_some();
        by_issuer.entry((issuer_key(pick.input), insured)).or_default().push(pick);
    }
    let one = |((_, fdic_insured), held): ((String, bool), Vec<&Candidate<'_>>)| {
        let principal: Decimal = held.iter().map(|pick| pick.amount.decimal()).sum();
        let worth: Decimal = held.iter().map(|p| p.holding.value_at_maturity.decimal()).sum();
        let covered = if fdic_insured { limit.decimal() } else { Decimal::ZERO };
        let share = (principal * Decimal::ONE_HUNDRED).checked_div(invested).unwrap_or_default();
        Ok(Concentration {
            issuer: held.first().and_then(|pick| pick.input.issuer.clone()),
            fdic_insured,
            principal: Amount::rounded(principal)?,
            share: Percent::rounded(share)?,
            at_maturity: Amount::rounded(worth)?,
            uninsured: Amount::rounded((worth - covered).max(Decimal::ZERO))?,
        })
    };
    let mut all = by_issuer.into_iter().map(one).collect::<Result<Vec<_>, InterestError>>()?;
    all.sort_by_key(|issuer| std::cmp::Reverse(issuer.principal));
    Ok(all)
}
