//! Day-count conventions: how the days between two dates become a share of a year.
//!
//! Source: 2006 ISDA Definitions, section 4.16. The first date counts, the last does not.

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::{DayCount, InterestError};

impl DayCount {
    /// Days between two dates as the convention counts them; negative if they are in reverse.
    pub fn days(self, start: NaiveDate, end: NaiveDate) -> i64 {
        match self {
            Self::Thirty360 => thirty_360(start, end),
            Self::Act365Fixed | Self::Act360 | Self::ActActIsda => {
                end.signed_duration_since(start).num_days()
            }
        }
    }

    /// Days in a year for a daily rate: 360 or 365.
    pub const fn days_in_year(self) -> u32 {
        match self {
            Self::Act360 | Self::Thirty360 => 360,
            Self::Act365Fixed | Self::ActActIsda => 365,
        }
    }

    /// The share of a year between two dates.
    ///
    /// # Errors
    /// `Undefined` if they are in reverse.
    pub fn year_fraction(self, start: NaiveDate, end: NaiveDate) -> Result<Decimal, InterestError> {
        if end < start {
            return Err(InterestError::Undefined("the period ends before it starts"));
        }
        match self {
            Self::ActActIsda => act_act_isda(start, end),
            _ => Ok(Decimal::from(self.days(start, end)) / Decimal::from(self.days_in_year())),
        }
    }
}

/// 30/360 Bond Basis, the convention of United States corporate and agency bonds, section 4.16(f):
/// a 31st becomes the 30th at the start, and at the end if the start is the 30th or 31st. The end
/// of February gets no special treatment (that would be the SIA/NASD variant).
fn thirty_360(start: NaiveDate, end: NaiveDate) -> i64 {
    let first = i64::from(start.day().min(30));
    let last = i64::from(end.day());
    let last = if last == 31 && first == 30 { 30 } else { last };
    let years = i64::from(end.year()) - i64::from(start.year());
    let months = i64::from(end.month()) - i64::from(start.month());
    360 * years + 30 * months + last - first
}

/// Section 4.16(b): days in leap years over 366 plus days in other years over 365.
fn act_act_isda(start: NaiveDate, end: NaiveDate) -> Result<Decimal, InterestError> {
    let (mut leap, mut common) = (0i64, 0i64);
    let mut from = start;
    while from < end {
        let next_year = NaiveDate::from_ymd_opt(from.year() + 1, 1, 1)
            .ok_or(InterestError::Undefined("the year is out of range"))?;
        let to = next_year.min(end);
        let days = to.signed_duration_since(from).num_days();
        if from.leap_year() {
            leap += days;
        } else {
            common += days;
        }
        from = to;
    }
    Ok(Decimal::from(leap) / Decimal::from(366) + Decimal::from(common) / Decimal::from(365))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dates::parse_date;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        parse_date(text).unwrap()
    }

    /// Dates and days of ISDA's published 30/360 examples for section 4.16(f).
    #[test]
    fn bond_basis_follows_the_published_examples() {
        let cases = [
            ("2007-01-15", "2007-01-30", 15),
            ("2007-01-15", "2007-02-15", 30),
            ("2007-01-15", "2007-07-15", 180),
            ("2007-09-30", "2008-03-31", 180),
            ("2007-09-30", "2007-10-31", 30),
            ("2007-09-30", "2008-09-30", 360),
            ("2007-01-15", "2007-01-31", 16),
            ("2007-01-31", "2007-02-28", 28),
            ("2007-02-28", "2007-03-31", 33),
            ("2006-08-31", "2007-02-28", 178),
            ("2007-02-28", "2007-08-31", 183),
            ("2007-02-14", "2007-02-28", 14),
            ("2008-02-29", "2009-02-28", 359),
        ];
        for (start, end, days) in cases {
            assert_eq!(DayCount::Thirty360.days(day(start), day(end)), days, "{start} {end}");
        }
    }

    /// Periods of ISDA's 1998 paper "EMU and market conventions".
    #[test]
    fn act_act_follows_the_published_examples() {
        let cases = [
            ("2003-11-01", "2004-05-01", 121, 61),
            ("1999-02-01", "1999-07-01", 0, 150),
            ("2002-08-15", "2003-07-15", 0, 334),
            ("2003-07-15", "2004-01-15", 14, 170),
            ("1999-07-30", "2000-01-30", 29, 155),
            ("2000-01-30", "2000-06-30", 152, 0),
        ];
        for (start, end, leap, common) in cases {
            let expected = Decimal::from(leap) / Decimal::from(366)
                + Decimal::from(common) / Decimal::from(365);
            let found = DayCount::ActActIsda.year_fraction(day(start), day(end)).unwrap();
            assert_eq!(found, expected, "{start} {end}");
        }
        let known =
            DayCount::ActActIsda.year_fraction(day("2003-11-01"), day("2004-05-01")).unwrap();
        assert_eq!(known.round_dp(10).to_string(), "0.4977243806");
    }

    #[test]
    fn fixed_years_divide_actual_days() {
        let (start, end) = (day("2024-01-01"), day("2025-01-01"));
        let of = |convention: DayCount| {
            convention.year_fraction(start, end).unwrap().round_dp(8).normalize().to_string()
        };
        assert_eq!(of(DayCount::Act365Fixed), "1.00273973");
        assert_eq!(of(DayCount::Act360), "1.01666667");
        assert_eq!(of(DayCount::Thirty360), "1");
        assert_eq!(of(DayCount::ActActIsda), "1");
        assert!(DayCount::Act360.year_fraction(end, start).is_err());
    }

    proptest! {
        #[test]
        fn shares_add_up(a in 0i64..20_000, b in 0i64..20_000, c in 0i64..20_000) {
            let mut days = [a, b, c];
            days.sort_unstable();
            let [x, y, z] = days.map(|n| day("1990-01-01") + chrono::TimeDelta::days(n));
            for convention in [DayCount::Act365Fixed, DayCount::Act360, DayCount::ActActIsda] {
                let split = convention.year_fraction(x, y).unwrap() + convention.year_fraction(y, z).unwrap();
                let whole = convention.year_fraction(x, z).unwrap();
                prop_assert!((split - whole).abs() < Decimal::new(1, 24));
            }
        }
    }
}
