//! Filling the rungs.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};

use rust_decimal::Decimal;

use super::Question;
use super::candidate::{Candidate, LadderReason, LeftOut, LeftOutReason, term, unit};
use super::report::{Ladder, Rung, report};
use crate::comparison::{ComparisonInput, MAX_HORIZON_MONTHS};
use crate::ids::ProductId;
use crate::interest::InterestError;
use crate::money::Amount;
use crate::violations::Violations;

/// Most rungs of a ladder.
pub const MAX_RUNGS: usize = 40;
/// Products left out that are shown for a rung: the best of them.
const SHOWN: usize = 20;

/// Why there is no ladder.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LadderError {
    /// The amount is zero.
    #[error("must be greater than zero")]
    Amount,
    /// No rungs, too many, or not rising within 1 to 1200 months.
    #[error("must be 1 to 40 terms that rise, of 1 to 1200 months")]
    Rungs,
    /// A value does not fit an amount of 13 digits.
    #[error("grows beyond 9999999999999.99")]
    OutOfRange,
}

impl From<InterestError> for LadderError {
    fn from(_: InterestError) -> Self {
        Self::OutOfRange
    }
}

impl LadderError {
    /// The bad field of a request with `amount` and `rungs`.
    pub fn violations(&self) -> Violations {
        let pointer = if *self == Self::Rungs { "/rungs" } else { "/amount" };
        Violations::one(pointer, "out_of_range", self.to_string())
    }
}

/// What has been given out so far.
#[derive(Default)]
pub(super) struct Given {
    products: HashSet<ProductId>,
    /// Principal by insured institution.
    insured: BTreeMap<String, Decimal>,
}

/// The institution that insurance counts by; none for what is not insured.
pub(super) fn institution(input: &ComparisonInput) -> Option<String> {
    if !input.cd_terms.as_ref().is_some_and(|cd| cd.fdic_insured) {
        return None;
    }
    Some(issuer_key(input))
}

/// Products of one issuer have one key, however it is written; those of none have their own.
pub(super) fn issuer_key(input: &ComparisonInput) -> String {
    input.issuer.as_ref().map_or_else(
        || input.product_id.to_string(),
        |name| name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase(),
    )
}

impl Given {
    fn fits(&self, input: &ComparisonInput, more: Decimal, limit: Amount) -> bool {
        institution(input).is_none_or(|key| {
            self.insured.get(&key).copied().unwrap_or_default() + more <= limit.decimal()
        })
    }

    fn take(&mut self, input: &ComparisonInput, more: Decimal) {
        self.products.insert(input.product_id);
        if let Some(key) = institution(input) {
            *self.insured.entry(key).or_default() += more;
        }
    }
}

/// A rung while it is filled.
pub(super) struct Filled<'a> {
    pub(super) months: u32,
    pub(super) pick: Option<Candidate<'a>>,
    pub(super) left_out: Vec<LeftOut>,
    pub(super) left_out_count: usize,
}

/// Builds a ladder from what is on sale; see the module for the rules.
///
/// # Errors
/// [`LadderError`].
pub fn build(inputs: &[ComparisonInput], question: &Question) -> Result<Ladder, LadderError> {
    if question.amount == Amount::ZERO {
        return Err(LadderError::Amount);
    }
    let rising = question.rungs.is_sorted_by(|a, b| a < b);
    let within = question.rungs.iter().all(|months| (1..=MAX_HORIZON_MONTHS).contains(months));
    if !(1..=MAX_RUNGS).contains(&question.rungs.len()) || !rising || !within {
        return Err(LadderError::Rungs);
    }
    let count = Decimal::from(question.rungs.len());
    let cents = question.amount.decimal() * Decimal::ONE_HUNDRED / count;
    let share = Amount::rounded(cents.floor() / Decimal::ONE_HUNDRED)
        .map_err(|_| LadderError::OutOfRange)?;
    let mut given = Given::default();
    let mut rungs = Vec::with_capacity(question.rungs.len());
    for months in &question.rungs {
        rungs.push(fill(*months, inputs, share, question, &mut given)?);
    }
    top_up(&mut rungs, share, question, &mut given)?;
    Ok(report(rungs, share, question)?)
}

fn fill<'a>(
    months: u32,
    inputs: &'a [ComparisonInput],
    share: Amount,
    question: &Question,
    given: &mut Given,
) -> Result<Filled<'a>, InterestError> {
    let mut found = Vec::new();
    for input in inputs {
        let near =
            term(input).is_some_and(|t| t.abs_diff(months) <= question.term_tolerance_months);
        if !near {
            continue;
        }
        let Some(mut candidate) = Candidate::new(input, share, question)? else { continue };
        let mut note = |reason| candidate.reasons.push(LeftOutReason::Ladder(reason));
        if given.products.contains(&input.product_id) {
            note(LadderReason::InAnotherRung);
        }
        if !given.fits(input, candidate.amount.decimal(), question.insured_limit) {
            note(LadderReason::InsuredLimitReached);
        }
        found.push(candidate);
    }
    found.sort_by_key(|c| (!c.reasons.is_empty(), Reverse(c.percent()), c.input.cusip));
    let mut found = found.into_iter().peekable();
    let pick = found.next_if(|best| best.reasons.is_empty());
    if let Some(pick) = &pick {
        given.take(pick.input, pick.amount.decimal());
    }
    let left_out_count = found.len();
    let left_out = found.take(SHOWN).map(Candidate::left_out).collect();
    Ok(Filled { months, pick, left_out, left_out_count })
}

/// Spends what whole units left of the filled rungs.
fn top_up(
    rungs: &mut [Filled<'_>],
    share: Amount,
    question: &Question,
    given: &mut Given,
) -> Result<(), InterestError> {
    let picks = || rungs.iter().filter_map(|rung| rung.pick.as_ref());
    let spent: Decimal = picks().map(|pick| pick.amount.decimal()).sum();
    // The cents that an even share leaves belong to the filled rungs when all are filled.
    let whole = picks().count() == rungs.len();
    let budget = if whole {
        question.amount.decimal()
    } else {
        share.decimal() * Decimal::from(picks().count())
    };
    let mut rest = budget - spent;
    loop {
        let fitting = rungs.iter_mut().filter_map(|rung| rung.pick.as_mut()).filter(|pick| {
            let (more, most) = (unit(pick.input), pick.input.maximum_investment);
            more <= rest
                && most.is_none_or(|most| pick.amount.decimal() + more <= most.decimal())
                && given.fits(pick.input, more, question.insured_limit)
        });
        // The first of equal ones is the shortest.
        let Some(pick) = fitting.min_by_key(|pick| pick.amount) else { return Ok(()) };
        let more = unit(pick.input);
        given.take(pick.input, more);
        let amount = Amount::rounded(pick.amount.decimal() + more)?;
        let Some(months) = term(pick.input) else { return Ok(()) };
        if let Some(holding) =
            crate::comparison::hold(pick.input, &question.scenario(amount, months))?
        {
            (pick.amount, pick.holding) = (amount, holding);
        }
        rest -= more;
    }
}

impl Filled<'_> {
    /// As it is shown.
    pub(super) fn shown(self, share: Amount) -> Rung {
        Rung {
            months: self.months,
            share,
            pick: self.pick.map(Into::into),
            left_out: self.left_out,
            left_out_count: self.left_out_count,
        }
    }
}
