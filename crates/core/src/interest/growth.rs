//! Growth of a principal.

use chrono::NaiveDate;
use rust_decimal::{Decimal, MathematicalOps};

use super::{Compounding, DayCount, InterestError};
use crate::dates::add_months;
use crate::money::Percent;
use crate::product::CdTerms;

fn some(value: Option<Decimal>) -> Result<Decimal, InterestError> {
    value.ok_or(InterestError::Overflow)
}

/// Simple interest: `principal * (1 + rate * years)`.
///
/// # Errors
/// `Overflow`.
pub fn simple(principal: Decimal, rate: Percent, years: Decimal) -> Result<Decimal, InterestError> {
    let interest = some(some(principal.checked_mul(rate.fraction()))?.checked_mul(years))?;
    some(principal.checked_add(interest))
}

/// Compound interest: `principal * (1 + rate / periods_per_year) ^ periods`.
///
/// # Errors
/// `Overflow`; `Undefined` for zero periods a year.
pub fn compound(
    principal: Decimal,
    rate: Percent,
    periods_per_year: u32,
    periods: u64,
) -> Result<Decimal, InterestError> {
    let step = rate
        .fraction()
        .checked_div(Decimal::from(periods_per_year))
        .ok_or(InterestError::Undefined("there must be a period in a year"))?;
    let factor = some((Decimal::ONE + step).checked_powu(periods))?;
    some(principal.checked_mul(factor))
}

/// A stretch of time with one rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leg {
    /// Percent a year.
    pub rate: Percent,
    /// First day.
    pub start: NaiveDate,
    /// Day on which the stretch ends; interest for it is not earned in this leg.
    pub end: NaiveDate,
}

/// What a principal becomes over consecutive legs.
///
/// - `simple` and `at_maturity`: `principal * (1 + sum of rate * year fraction)`;
/// - `daily`: every counted day multiplies by `1 + rate / 365` (or 360 by the convention);
/// - the others: whole periods from the start of each leg multiply by `1 + rate * months / 12`, and
///   the days that remain in the leg earn simple interest by the day count.
///
/// # Errors
/// `Overflow`, or `Undefined` for a leg in reverse.
pub fn grow(
    principal: Decimal,
    legs: &[Leg],
    compounding: Compounding,
    day_count: DayCount,
) -> Result<Decimal, InterestError> {
    let mut value = principal;
    for leg in legs {
        value = match (compounding, compounding.period_months()) {
            (_, Some(months)) => periodic(value, leg, months, day_count)?,
            (Compounding::Daily, _) => {
                let days = u64::try_from(day_count.days(leg.start, leg.end))
                    .map_err(|_| InterestError::Undefined("the period ends before it starts"))?;
                compound(value, leg.rate, day_count.days_in_year(), days)?
            }
            _ => {
                let years = day_count.year_fraction(leg.start, leg.end)?;
                let earned = some(simple(principal, leg.rate, years)?.checked_sub(principal))?;
                some(value.checked_add(earned))?
            }
        };
    }
    Ok(value)
}

fn periodic(
    value: Decimal,
    leg: &Leg,
    months: u32,
    day_count: DayCount,
) -> Result<Decimal, InterestError> {
    if leg.end < leg.start {
        return Err(InterestError::Undefined("the period ends before it starts"));
    }
    // Counted from the start each time: stepping from date to date would drift after a short month.
    let mut periods = 0u32;
    let mut last = leg.start;
    while let Ok(next) = add_months(leg.start, (periods + 1) * months)
        && next <= leg.end
    {
        periods += 1;
        last = next;
    }
    let whole = compound(value, leg.rate, 12 / months, u64::from(periods))?;
    simple(whole, leg.rate, day_count.year_fraction(last, leg.end)?)
}

/// The legs of a CD issued on `start`, up to `end`, with its step-ups.
///
/// # Errors
/// `Overflow` if a date is out of range.
pub fn legs_of_cd(
    base_rate: Percent,
    terms: &CdTerms,
    start: NaiveDate,
    end: NaiveDate,
) -> Result<Vec<Leg>, InterestError> {
    let mut legs = Vec::with_capacity(terms.step_ups.len() + 1);
    let (mut from, mut rate) = (start, base_rate);
    for step in &terms.step_ups {
        let at = add_months(start, step.after_months)?;
        if at >= end {
            break;
        }
        legs.push(Leg { rate, start: from, end: at });
        (from, rate) = (at, step.rate);
    }
    legs.push(Leg { rate, start: from, end });
    Ok(legs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dates::parse_date;
    use crate::money::Amount;
    use crate::parse::Parse;
    use proptest::prelude::*;

    fn leg(rate: &str, start: &str, end: &str) -> Leg {
        Leg {
            rate: Percent::parse(rate).unwrap(),
            start: parse_date(start).unwrap(),
            end: parse_date(end).unwrap(),
        }
    }

    fn grown(compounding: Compounding, day_count: DayCount, legs: &[Leg]) -> String {
        let value = grow(Decimal::from(1000), legs, compounding, day_count).unwrap();
        value.round_dp(4).to_string()
    }

    #[test]
    fn five_percent_for_a_year_in_every_way() {
        let year = [leg("5", "2025-01-01", "2026-01-01")];
        let of = |compounding| grown(compounding, DayCount::Act365Fixed, &year);
        assert_eq!(of(Compounding::Simple), "1050.0000");
        assert_eq!(of(Compounding::Annual), "1050.0000");
        assert_eq!(of(Compounding::Semiannual), "1050.6250");
        assert_eq!(of(Compounding::Quarterly), "1050.9453");
        assert_eq!(of(Compounding::Monthly), "1051.1619");
        assert_eq!(of(Compounding::Daily), "1051.2675");
        assert_eq!(grown(Compounding::Daily, DayCount::Act360, &year), "1051.9977");
    }

    #[test]
    fn a_broken_period_earns_simple_interest() {
        let legs = [leg("5", "2025-01-01", "2025-07-15")];
        // Six months, then 14 days: 1000 * (1 + 0.05/2) * (1 + 0.05 * 14/365).
        let value = grown(Compounding::Semiannual, DayCount::Act365Fixed, &legs);
        assert_eq!(value, "1026.9658");
    }

    #[test]
    fn the_last_of_a_month_does_not_drift() {
        let year = [leg("12", "2025-01-31", "2026-01-31")];
        assert_eq!(grown(Compounding::Monthly, DayCount::Thirty360, &year), "1126.8250");
    }

    #[test]
    fn steps_follow_each_other() {
        let legs = [leg("5", "2025-01-01", "2026-01-01"), leg("6", "2026-01-01", "2027-01-01")];
        assert_eq!(grown(Compounding::Annual, DayCount::Act365Fixed, &legs), "1113.0000");
        assert_eq!(grown(Compounding::AtMaturity, DayCount::Act365Fixed, &legs), "1110.0000");
    }

    #[test]
    fn too_much_is_an_error() {
        let century = [leg("9999.9999", "2000-01-01", "2100-01-01")];
        let value =
            grow(Amount::MAX.decimal(), &century, Compounding::Daily, DayCount::Act365Fixed);
        assert_eq!(value.unwrap_err(), InterestError::Overflow);
    }

    fn compoundings() -> impl Strategy<Value = Compounding> {
        proptest::sample::select(Compounding::ALL)
    }

    fn day_counts() -> impl Strategy<Value = DayCount> {
        proptest::sample::select(DayCount::ALL)
    }

    proptest! {
        #[test]
        fn any_amount_for_a_century_at_any_usual_rate(
            cents in 0i64..=999_999_999_999_999, rate in 0i64..=20_0000, days in 0i64..=36_525,
            compounding in compoundings(), day_count in day_counts(),
        ) {
            let start = parse_date("2000-01-31").unwrap();
            let rate = Percent::new(Decimal::new(rate, 4)).unwrap();
            let legs = [Leg { rate, start, end: start + chrono::TimeDelta::days(days) }];
            let principal = Decimal::new(cents, 2);
            let value = grow(principal, &legs, compounding, day_count).unwrap();
            prop_assert!(value >= principal - Decimal::new(1, 10));
        }

        #[test]
        fn no_input_panics(
            lo in any::<u32>(), mid in any::<u32>(), rate in -99_999_999i64..=99_999_999,
            from in 0i64..400_000, to in 0i64..400_000,
            compounding in compoundings(), day_count in day_counts(),
        ) {
            let day = |n| parse_date("1900-01-01").unwrap() + chrono::TimeDelta::days(n);
            let rate = Percent::new(Decimal::new(rate, 4)).unwrap();
            let legs = [Leg { rate, start: day(from), end: day(to) }];
            let _ = grow(Decimal::from_parts(lo, mid, 0, false, 2), &legs, compounding, day_count);
        }

        #[test]
        fn more_frequent_compounding_earns_no_less(rate in 0i64..=20_0000) {
            let rate = Percent::new(Decimal::new(rate, 4)).unwrap();
            let of = |periods: u32| compound(Decimal::ONE, rate, periods, periods.into()).unwrap();
            let slack = Decimal::new(1, 24);
            prop_assert!(of(1) <= of(2) + slack && of(2) <= of(4) + slack);
            prop_assert!(of(4) <= of(12) + slack && of(12) <= of(365) + slack);
        }
    }
}
