//! Rules and their versions, and what they promise a record.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::period::{Period, fiscal_year_end};

/// What starts the clock of a class of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RetentionBasis)]
pub enum Basis {
    /// That it happened.
    Event,
    /// That it was decided.
    Decision,
    /// That it is no longer used or in force.
    EndOfUse,
    /// The last entry in it.
    LastEntry,
    /// The end of the firm's fiscal year in which it was made.
    FiscalYearEnd,
    /// Nothing: it is kept as long as the firm.
    Never,
}

/// Who made a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The platform, from a regulation.
    Platform,
    /// The firm, beyond that.
    Firm,
}

/// One version of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RuleVersion {
    /// The class it is for.
    pub class: String,
    /// What starts the clock.
    pub basis: Basis,
    /// Who made it.
    pub origin: Origin,
    /// Its number, from 1.
    pub version: i64,
    /// From when on it counts.
    pub in_force_from: NaiveDate,
    /// When the next version took its place.
    pub replaced_on: Option<NaiveDate>,
    /// Whole months.
    pub months: u32,
    /// Days on top.
    pub days: u32,
    /// The regulation, or the firm's reason.
    pub source: String,
}

/// When the firm's fiscal year ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fiscal {
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31; the month's last day where it is shorter.
    pub day: u32,
}

/// What is known of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its classes; the longest wins.
    pub classes: Vec<String>,
    /// When it was made; `None` if nobody knows, and then every version counts.
    pub created_on: Option<NaiveDate>,
    /// When its clock started; `None` while it has not.
    pub clock_on: Option<NaiveDate>,
}

/// What one version of a rule promises a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Promise {
    /// The version.
    #[serde(flatten)]
    pub rule: RuleVersion,
    /// The day that the period is counted from; null while the clock has not started.
    pub counted_from: Option<NaiveDate>,
    /// The last day; null is for ever.
    pub keep_until: Option<NaiveDate>,
}

/// Until when a record is kept, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Retention {
    /// The last day on which it must be kept; null is for ever.
    pub retain_until: Option<NaiveDate>,
    /// What each version promised that was in force since the record was made, the longest first.
    pub promises: Vec<Promise>,
}

/// The retention of a record: the latest that any version promises which was in force since it was
/// made, on the day of a change both of them. So a longer rule helps every record, and a shorter one
/// takes nothing back. Kept for ever is what has no clock yet, what has a class without a rule, and
/// what has a class that never ends.
pub fn retention(record: &Record, rules: &[RuleVersion], fiscal: Fiscal) -> Retention {
    let since = |rule: &&RuleVersion| match (rule.replaced_on, record.created_on) {
        (Some(replaced), Some(created)) => replaced >= created,
        _ => true,
    };
    let mine = |rule: &&RuleVersion| record.classes.contains(&rule.class);
    let counted = rules.iter().filter(mine).filter(since);
    let mut promises: Vec<Promise> =
        counted.map(|rule| promise(rule, record.clock_on, fiscal)).collect();
    // For ever is the longest.
    promises.sort_by_key(|promise| {
        std::cmp::Reverse((promise.keep_until.is_none(), promise.keep_until))
    });
    let known = |class: &String| promises.iter().any(|promise| promise.rule.class == *class);
    let all_known = !record.classes.is_empty() && record.classes.iter().all(known);
    let longest = promises.first().and_then(|promise| promise.keep_until);
    Retention { retain_until: longest.filter(|_| all_known), promises }
}

fn promise(rule: &RuleVersion, clock: Option<NaiveDate>, fiscal: Fiscal) -> Promise {
    let counted_from = match (rule.basis, clock) {
        (Basis::Never, _) | (_, None) => None,
        (Basis::FiscalYearEnd, Some(day)) => fiscal_year_end(day, fiscal.month, fiscal.day),
        (_, Some(day)) => Some(day),
    };
    let period = Period { months: rule.months, days: rule.days };
    let keep_until = counted_from.and_then(|day| period.until(day));
    Promise { rule: rule.clone(), counted_from, keep_until }
}

impl Retention {
    /// Whether the record may go on `today`: its last day is over. What is kept for ever is never
    /// over, and a hold stands in the way of whatever is.
    pub fn is_over(&self, today: NaiveDate) -> bool {
        self.retain_until.is_some_and(|last| last < today)
    }
}

#[cfg(test)]
#[path = "rule_tests.rs"]
mod tests;
