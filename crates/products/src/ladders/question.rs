//! What a ladder is asked for.

use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;
use wealth_core::comparison::{Client, MAX_HORIZON_MONTHS};
use wealth_core::currency::Currency;
use wealth_core::ladder::MAX_RUNGS;
use wealth_core::money::Amount;
use wealth_core::parse::{Checked, Parse};
use wealth_core::violations::Violations;

use crate::comparisons::question::NewClient;

/// Most months by which a term may differ from its rung.
const MAX_TOLERANCE: u32 = 6;
/// What the FDIC insures for each depositor and institution, in USD (12 U.S.C. 1821(a)(1)(E)).
const FDIC_LIMIT: &str = "250000.00";

/// What to build.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewLadder {
    /// Amount to spread, above zero.
    #[serde(default)]
    #[schema(required = true, value_type = Amount)]
    amount: Checked<Amount>,
    /// Its currency; USD unless given.
    #[schema(value_type = Option<Currency>)]
    currency: Option<Checked<Currency>>,
    /// Terms in months, rising: 1 to 40 of them. Either this or `every`.
    #[schema(min_items = 1, max_items = 40, value_type = Option<Vec<u32>>)]
    rungs: Option<Vec<u32>>,
    /// Terms at even distances. Either this or `rungs`.
    every: Option<Every>,
    /// By how many months a product's term may differ from its rung, 0 to 6; 0 unless given.
    #[serde(default)]
    #[schema(maximum = 6)]
    term_tolerance_months: u32,
    /// Whether CDs that the bank may repay before maturity are taken.
    #[serde(default)]
    include_callable: bool,
    /// Whether annuities with a guaranteed rate are taken, for the years of the guarantee.
    #[serde(default)]
    include_annuities: bool,
    /// Most principal that one insured institution is given; 250000.00 unless given, which is what
    /// the FDIC insures for each depositor and institution.
    #[schema(value_type = Option<Amount>)]
    insured_limit: Option<Checked<Amount>>,
    /// Day of investment; the firm's business date unless given.
    #[schema(value_type = Option<NaiveDate>)]
    as_of: Option<Checked<NaiveDate>>,
    /// What is known of the client.
    client: Option<NewClient>,
}

/// Terms at even distances, such as every 12 months to 60.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Every {
    /// Distance in months, which is the first term too.
    #[schema(minimum = 1, maximum = 1200)]
    months: u32,
    /// The longest term; at most 40 times the distance.
    #[schema(minimum = 1, maximum = 1200)]
    until: u32,
}

/// A request whose every field is right.
pub(super) struct Asked {
    pub(super) amount: Amount,
    pub(super) currency: Currency,
    pub(super) rungs: Vec<u32>,
    pub(super) term_tolerance_months: u32,
    pub(super) include_callable: bool,
    pub(super) include_annuities: bool,
    pub(super) insured_limit: Amount,
    pub(super) as_of: Option<NaiveDate>,
    pub(super) client: Client,
}

impl NewLadder {
    pub(super) fn validate(self) -> Result<Asked, Violations> {
        let mut v = Violations::new();
        let amount = self.amount.required("/amount", &mut v);
        if amount == Some(Amount::ZERO) {
            v.add("/amount", "out_of_range", "must be greater than zero");
        }
        let currency = self.currency.and_then(|c| c.optional("/currency", &mut v));
        let rungs = rungs(self.rungs, self.every, &mut v);
        if self.term_tolerance_months > MAX_TOLERANCE {
            v.add("/term_tolerance_months", "out_of_range", "must lie between 0 and 6");
        }
        let limit = match self.insured_limit {
            Some(given) => given.optional("/insured_limit", &mut v),
            None => Amount::parse(FDIC_LIMIT).ok(),
        };
        let as_of = self.as_of.and_then(|day| day.optional("/as_of", &mut v));
        let client = self.client.unwrap_or_default().validate(&mut v);
        v.into_result(Asked {
            amount: amount.unwrap_or_default(),
            currency: currency.unwrap_or_default(),
            rungs,
            term_tolerance_months: self.term_tolerance_months,
            include_callable: self.include_callable,
            include_annuities: self.include_annuities,
            insured_limit: limit.unwrap_or_default(),
            as_of,
            client,
        })
    }
}

/// The terms, rising.
fn rungs(list: Option<Vec<u32>>, every: Option<Every>, v: &mut Violations) -> Vec<u32> {
    match (list, every) {
        (None, None) => v.add("/rungs", "required", "give rungs, or every with months and until"),
        (Some(_), Some(_)) => v.add("/every", "conflict", "give either rungs or every"),
        (Some(list), None) => return listed(list, v),
        (None, Some(every)) => return spread(&every, v),
    }
    Vec::new()
}

fn listed(list: Vec<u32>, v: &mut Violations) -> Vec<u32> {
    if !(1..=MAX_RUNGS).contains(&list.len()) {
        v.add("/rungs", "out_of_range", "must have 1 to 40 terms");
        return Vec::new();
    }
    let mut last = 0;
    for (i, months) in list.iter().enumerate() {
        if *months <= last || *months > MAX_HORIZON_MONTHS {
            let message = "must be longer than the term before it, up to 1200";
            v.add(format!("/rungs/{i}"), "out_of_range", message);
        }
        last = last.max(*months);
    }
    list
}

fn spread(every: &Every, v: &mut Violations) -> Vec<u32> {
    let range = 1..=MAX_HORIZON_MONTHS;
    if !range.contains(&every.months) {
        v.add("/every/months", "out_of_range", "must lie between 1 and 1200");
    } else if !range.contains(&every.until) || every.until < every.months {
        v.add("/every/until", "out_of_range", "must lie between months and 1200");
    } else {
        let count = every.until / every.months;
        if usize::try_from(count).is_ok_and(|count| count <= MAX_RUNGS) {
            return (1..=count).map(|n| n * every.months).collect();
        }
        v.add("/every/until", "out_of_range", "must make at most 40 terms");
    }
    Vec::new()
}
