//! Dates, windows of dates, and the tolerance rule for changes of a rate.

use chrono::{Datelike, Months, NaiveDate};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::money::Percent;
use crate::parse::{Checked, ParseError};
use crate::violations::Violations;

/// Years that a date of this platform may have: 1900-01-01 to 2999-12-31.
///
/// PostgreSQL and `chrono` both reach further, but not equally far, and a date outside this range
/// is a typing error in every known case ("0204-01-01", "20240-01-01").
pub const YEARS: std::ops::RangeInclusive<i32> = 1900..=2999;

/// Reads `YYYY-MM-DD` (RFC 3339 full-date) in the supported range.
///
/// # Errors
/// `date_invalid` for another form or no such day, `out_of_range` outside [`YEARS`].
pub fn parse_date(text: &str) -> Result<NaiveDate, ParseError> {
    let invalid = || ParseError::new("date_invalid", "must be a date such as 2026-11-21");
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(i, b)| match i {
            4 | 7 => b == b'-',
            _ => b.is_ascii_digit(),
        });
    if !shape {
        return Err(invalid());
    }
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| invalid())?;
    if YEARS.contains(&date.year()) {
        Ok(date)
    } else {
        Err(ParseError::new("out_of_range", "must lie between 1900-01-01 and 2999-12-31"))
    }
}

/// The day `months` later; the 31st becomes the last day of a shorter month.
///
/// # Errors
/// `out_of_range` if there is no such date.
pub fn add_months(date: NaiveDate, months: u32) -> Result<NaiveDate, ParseError> {
    date.checked_add_months(Months::new(months))
        .ok_or_else(|| ParseError::new("out_of_range", "the date lies too far in the future"))
}

/// Days from the first to the last date, both inclusive (S0-25, S0-28).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct DateWindow {
    /// First day.
    pub start_date: NaiveDate,
    /// Last day; may be the first one.
    pub end_date: NaiveDate,
}

impl DateWindow {
    /// A window.
    ///
    /// # Errors
    /// `date_range_invalid` if it ends before it starts.
    pub fn new(start_date: NaiveDate, end_date: NaiveDate) -> Result<Self, ParseError> {
        if end_date < start_date {
            let message = "must not be before start_date";
            return Err(ParseError::new("date_range_invalid", message));
        }
        Ok(Self { start_date, end_date })
    }

    /// Whether the day lies in the window.
    pub fn contains(&self, day: NaiveDate) -> bool {
        (self.start_date..=self.end_date).contains(&day)
    }

    /// Whether both windows have a day in common.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.start_date <= other.end_date && other.start_date <= self.end_date
    }
}

/// A window as a request carries it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWindow {
    /// First day, inclusive.
    #[serde(default)]
    #[schema(value_type = NaiveDate, required = true)]
    pub start_date: Checked<NaiveDate>,
    /// Last day, inclusive.
    #[serde(default)]
    #[schema(value_type = NaiveDate, required = true)]
    pub end_date: Checked<NaiveDate>,
}

impl NewWindow {
    /// The window, if both dates are given and in order.
    ///
    /// # Errors
    /// Every bad field.
    pub fn validate(self) -> Result<DateWindow, Violations> {
        let mut violations = Violations::new();
        let start = self.start_date.required("/start_date", &mut violations);
        let end = self.end_date.required("/end_date", &mut violations);
        let (Some(start), Some(end)) = (start, end) else { return Err(violations) };
        DateWindow::new(start, end).map_err(|e| Violations::one("/end_date", e.code, e.message))
    }
}

/// How far a rate may move on one person's word, in percentage points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Tolerance(Decimal);

impl Tolerance {
    /// A tolerance; a negative one would make no sense and counts as zero.
    pub fn new(points: Percent) -> Self {
        Self(points.decimal().max(Decimal::ZERO))
    }

    /// Whether a change of base or bonus rate needs a second person: either moves by more than the
    /// tolerance. A move of exactly the tolerance does not.
    pub fn is_exceeded(&self, base: (Percent, Percent), bonus: (Percent, Percent)) -> bool {
        [base, bonus].iter().any(|(old, new)| (new.decimal() - old.decimal()).abs() > self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::Parse;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        parse_date(text).unwrap()
    }

    #[test]
    fn only_full_dates_in_range_are_read() {
        for bad in [
            "",
            "2026-1-1",
            "2026-02-29",
            "20260101",
            "2026-01-01T00:00",
            "+026-01-01",
            "２026-01-01",
        ] {
            assert_eq!(parse_date(bad).unwrap_err().code, "date_invalid", "{bad}");
        }
        assert_eq!(parse_date("1899-12-31").unwrap_err().code, "out_of_range");
        assert_eq!(parse_date("3000-01-01").unwrap_err().code, "out_of_range");
        assert_eq!(day("2024-02-29").to_string(), "2024-02-29");
    }

    #[test]
    fn windows_include_both_ends() {
        let window = DateWindow::new(day("2026-01-01"), day("2026-01-31")).unwrap();
        assert!(window.contains(day("2026-01-01")) && window.contains(day("2026-01-31")));
        assert!(!window.contains(day("2026-02-01")));
        let touching = DateWindow::new(day("2026-01-31"), day("2026-01-31")).unwrap();
        assert!(window.overlaps(&touching));
        let next = DateWindow::new(day("2026-02-01"), day("2026-02-01")).unwrap();
        assert!(!window.overlaps(&next));
    }

    #[test]
    fn a_window_reports_both_bad_fields() {
        let window: NewWindow = serde_json::from_str(r#"{"start_date": 5}"#).unwrap();
        let found = window.validate().unwrap_err();
        assert_eq!(found.0.len(), 2);
        let window =
            NewWindow { start_date: day("2026-01-02").into(), end_date: day("2026-01-01").into() };
        assert_eq!(window.validate().unwrap_err().0[0].code, "date_range_invalid");
    }

    #[test]
    fn months_end_where_the_month_ends() {
        assert_eq!(add_months(day("2026-01-31"), 1).unwrap(), day("2026-02-28"));
        assert!(add_months(day("2026-01-31"), u32::MAX).is_err());
    }

    #[test]
    fn the_tolerance_itself_is_tolerated() {
        let percent = |text| Percent::parse(text).unwrap();
        let tolerance = Tolerance::new(percent("0.25"));
        let same = (Percent::ZERO, Percent::ZERO);
        assert!(!tolerance.is_exceeded((percent("5"), percent("5.25")), same));
        assert!(tolerance.is_exceeded((percent("5"), percent("5.2501")), same));
        assert!(tolerance.is_exceeded((percent("5.2501"), percent("5")), same));
        assert!(tolerance.is_exceeded(same, (percent("0"), percent("1"))));
    }

    proptest! {
        #[test]
        fn overlap_is_symmetric_and_means_a_common_day(a in 0i64..60, b in 0i64..60, c in 0i64..60, d in 0i64..60) {
            let at = |n: i64| day("2026-01-01") + chrono::TimeDelta::days(n);
            let x = DateWindow::new(at(a.min(b)), at(a.max(b))).unwrap();
            let y = DateWindow::new(at(c.min(d)), at(c.max(d))).unwrap();
            let common = (0..60).any(|n| x.contains(at(n)) && y.contains(at(n)));
            prop_assert_eq!(x.overlaps(&y), common);
            prop_assert_eq!(x.overlaps(&y), y.overlaps(&x));
        }
    }
}
