//! Annual percentage yield by Regulation DD (12 CFR part 1030, Appendix A, Part I).
//!
//! The yield reflects interest only: a bonus, and earnings that depend on what cannot be known, such
//! as an index, are left out (Appendix A, Part I, introduction; section 1030.2(c)).

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Compounding, InterestError, grow, legs_of_cd, pow};
use crate::dates::add_months;
use crate::money::{Amount, Percent, round_half_up};
use crate::product::CdTerms;

/// How a yield was found, so that anyone can find it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Derivation {
    /// The formula of Appendix A that was used.
    #[schema(value_type = String)]
    pub formula: &'static str,
    /// Principal assumed to be deposited.
    pub principal: Amount,
    /// Interest earned on it in the term, to the cent.
    pub interest: Amount,
    /// Actual number of days in the term.
    pub days_in_term: u32,
    /// How the result is rounded.
    #[schema(value_type = String)]
    pub rounding: &'static str,
    /// What the yield leaves out.
    #[schema(value_type = String)]
    pub excludes: &'static str,
    /// The yield in percent, to two decimals.
    #[schema(value_type = String, example = "5.13")]
    pub apy: Decimal,
}

const GENERAL: &str = "APY = 100 [(1 + interest / principal)^(365 / days in term) - 1]";
const SIMPLE: &str = "APY = 100 (interest / principal)";
const EQUALS_RATE: &str = "APY = interest rate (Appendix A, Part I, E.1: term above one year, no \
                           compounding, interest paid out at least annually)";
const ROUNDING: &str =
    "nearest one-hundredth of a percentage point, halves up (12 CFR 1030.3(f)(1))";
const EXCLUDES: &str = "bonuses and contingent earnings";

/// The yield of `interest` on `principal` in a term of `days`: the general formula, which becomes
/// the simple one when the term is 365 days.
///
/// # Errors
/// `Undefined` for a zero principal or term; `Overflow` when the yield exceeds what decimals hold.
pub fn apy(principal: Amount, interest: Amount, days: u32) -> Result<Derivation, InterestError> {
    if principal == Amount::ZERO || days == 0 {
        return Err(InterestError::Undefined("a yield needs a principal and a term"));
    }
    let share =
        interest.decimal().checked_div(principal.decimal()).ok_or(InterestError::Overflow)?;
    let (formula, growth) = if days == 365 {
        (SIMPLE, share)
    } else {
        let grown = Decimal::ONE.checked_add(share).ok_or(InterestError::Overflow)?;
        (GENERAL, pow(grown, 365, i64::from(days))? - Decimal::ONE)
    };
    let percent = growth.checked_mul(Decimal::ONE_HUNDRED).ok_or(InterestError::Overflow)?;
    Ok(derivation(formula, principal, interest, days, percent))
}

fn derivation(
    formula: &'static str,
    principal: Amount,
    interest: Amount,
    days_in_term: u32,
    percent: Decimal,
) -> Derivation {
    let mut apy = round_half_up(percent, 2);
    apy.rescale(2);
    Derivation {
        formula,
        principal,
        interest,
        days_in_term,
        rounding: ROUNDING,
        excludes: EXCLUDES,
        apy,
    }
}

/// The yield of a CD issued on `issued`: all principal and interest stay for the whole term, the
/// days in the term are the actual ones, stepped rates count for as long as each applies.
///
/// # Errors
/// As [`apy`].
pub fn apy_of_cd(
    principal: Amount,
    base_rate: Percent,
    terms: &CdTerms,
    issued: NaiveDate,
) -> Result<Derivation, InterestError> {
    let matures = add_months(issued, terms.term_months)?;
    let legs = legs_of_cd(base_rate, terms, issued, matures)?;
    let value = grow(principal.decimal(), &legs, terms.compounding, terms.day_count)?;
    let interest = Amount::rounded(value - principal.decimal())?;
    let days = u32::try_from(matures.signed_duration_since(issued).num_days())
        .map_err(|_| InterestError::Overflow)?;
    let paid_out = terms.compounding == Compounding::Simple;
    if paid_out && terms.term_months > 12 && terms.step_ups.is_empty() {
        return Ok(derivation(EQUALS_RATE, principal, interest, days, base_rate.decimal()));
    }
    apy(principal, interest, days)
}

/// The constant yearly growth that turns `principal` into `value` in `months`, in percent with four
/// decimals. Unlike an APY it may be negative, and it is not a disclosure.
///
/// # Errors
/// `Undefined` for a zero principal or no time.
pub fn effective_annual_yield(
    principal: Amount,
    value: Amount,
    months: u32,
) -> Result<Percent, InterestError> {
    if principal == Amount::ZERO || months == 0 {
        return Err(InterestError::Undefined("a yield needs a principal and a term"));
    }
    let ratio = value.decimal().checked_div(principal.decimal()).ok_or(InterestError::Overflow)?;
    let growth = pow(ratio, 12, i64::from(months))? - Decimal::ONE;
    let percent = growth.checked_mul(Decimal::ONE_HUNDRED).ok_or(InterestError::Overflow)?;
    Ok(Percent::rounded(percent)?)
}

#[cfg(test)]
mod tests {
    use super::super::{DayCount, compound};
    use super::*;
    use crate::dates::parse_date;
    use crate::parse::Parse;
    use crate::product::StepUp;

    fn yield_of(principal: &str, interest: &str, days: u32) -> String {
        let amount = |text| Amount::parse(text).unwrap();
        apy(amount(principal), amount(interest), days).unwrap().apy.to_string()
    }

    /// The examples of Appendix A.
    #[test]
    fn the_examples_of_the_regulation_hold() {
        assert_eq!(yield_of("1000", "61.68", 365), "6.17");
        assert_eq!(yield_of("1000", "30.37", 182), "6.18");
        assert_eq!(yield_of("1000", "53.90", 365), "5.39");
        assert_eq!(yield_of("8000", "452.29", 365), "5.65");
        assert_eq!(yield_of("20000", "1183.61", 365), "5.92");
        assert_eq!(yield_of("1000", "26.68", 183), "5.39");
        assert_eq!(yield_of("1000", "56.52", 365), "5.65");
    }

    #[test]
    fn a_nominal_rate_becomes_an_annual_one() {
        let rate = Percent::parse("5").unwrap();
        let annual = |n: u32| {
            let grown = compound(Decimal::ONE_HUNDRED, rate, n, n.into()).unwrap();
            (grown - Decimal::ONE_HUNDRED).round_dp(4).to_string()
        };
        let found = [1, 2, 4, 12, 365].map(annual);
        assert_eq!(found, ["5.0000", "5.0625", "5.0945", "5.1162", "5.1267"]);
    }

    fn cd(term_months: u32, compounding: Compounding) -> CdTerms {
        CdTerms {
            term_months,
            callable: false,
            first_call_date: None,
            call_protection_months: None,
            compounding,
            day_count: DayCount::Act365Fixed,
            early_withdrawal_penalty: None,
            step_ups: Vec::new(),
            fdic_insured: true,
            rate_bands: Vec::new(),
        }
    }

    fn cd_yield(rate: &str, terms: &CdTerms) -> String {
        let issued = parse_date("2025-01-01").unwrap();
        let principal = Amount::parse("1000").unwrap();
        let rate = Percent::parse(rate).unwrap();
        apy_of_cd(principal, rate, terms, issued).unwrap().apy.to_string()
    }

    #[test]
    fn terms_above_and_below_a_year_are_annualised() {
        assert_eq!(cd_yield("5", &cd(12, Compounding::Daily)), "5.13");
        assert_eq!(cd_yield("5", &cd(6, Compounding::AtMaturity)), "5.06");
        assert_eq!(cd_yield("5", &cd(24, Compounding::Annual)), "5.00");
        assert_eq!(cd_yield("5", &cd(24, Compounding::AtMaturity)), "4.88");
    }

    #[test]
    fn interest_paid_out_yearly_yields_the_rate() {
        assert_eq!(cd_yield("5", &cd(24, Compounding::Simple)), "5.00");
    }

    #[test]
    fn stepped_rates_count_for_their_time() {
        let mut terms = cd(12, Compounding::Daily);
        let rate = Percent::parse("6").unwrap();
        terms.step_ups = vec![StepUp { after_months: 6, rate }];
        assert_eq!(cd_yield("5", &terms), "5.66");
    }

    #[test]
    fn a_loss_is_a_negative_yield() {
        let amount = |text| Amount::parse(text).unwrap();
        let of = |value, months| {
            effective_annual_yield(amount("1000"), amount(value), months).unwrap().to_string()
        };
        assert_eq!(of("1102.50", 24), "5.0000");
        assert_eq!(of("810", 24), "-10.0000");
        assert_eq!(of("0", 24), "-100.0000");
        assert!(effective_annual_yield(Amount::ZERO, amount("1"), 12).is_err());
        assert!(apy(Amount::ZERO, amount("1"), 365).is_err());
    }

    /// The same against figures that others computed. Runs only where the folder is.
    #[test]
    fn vectors_of_others_hold() {
        let Some(folder) = std::env::var_os("WEALTH_DATA_DIR") else {
            println!("skipped: WEALTH_DATA_DIR is not set");
            return;
        };
        let path = std::path::Path::new(&folder).join("vectors/apy_regulation_dd.json");
        let cases: serde_json::Value =
            serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        for case in cases.as_array().unwrap() {
            let text = |name: &str| case[name].as_str().unwrap();
            let days = u32::try_from(case["days_in_term"].as_u64().unwrap()).unwrap();
            assert_eq!(
                yield_of(text("principal"), text("interest"), days),
                text("apy_percent"),
                "{}",
                text("case")
            );
        }
    }
}
