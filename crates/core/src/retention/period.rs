//! Periods that end no day too early.

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::Serialize;
use utoipa::ToSchema;

/// How long something is kept: calendar months, then days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Period {
    /// Whole months; seven years are 84.
    pub months: u32,
    /// Days on top.
    pub days: u32,
}

impl Period {
    /// The last day of the period that starts on `from`. Where the month is too short for the day,
    /// the first of the next one: 29 February and six years is 1 March, not a day early. `None` where the
    /// calendar ends, which is for ever.
    pub fn until(self, from: NaiveDate) -> Option<NaiveDate> {
        let day = from.checked_add_months(Months::new(self.months))?;
        let clipped = u64::from(day.day() < from.day());
        day.checked_add_days(Days::new(u64::from(self.days) + clipped))
    }

    /// Whether no record is kept shorter by this period than by `rule`, whatever day it starts.
    pub fn covers(self, rule: Self) -> bool {
        self.months >= rule.months
            && (self.months - rule.months).saturating_mul(28).saturating_add(self.days) >= rule.days
    }
}

/// The last day of the fiscal year that `day` lies in, for years that end in `month` on `last`, or
/// on the month's last day where it is shorter. `None` if there is no such month.
pub fn fiscal_year_end(day: NaiveDate, month: u32, last: u32) -> Option<NaiveDate> {
    let end = |year: i32| {
        let first = NaiveDate::from_ymd_opt(year, month, 1)?;
        let after = first.checked_add_months(Months::new(1))?.pred_opt()?;
        NaiveDate::from_ymd_opt(year, month, last).or(Some(after))
    };
    let this = end(day.year())?;
    if day <= this { Some(this) } else { end(day.year() + 1) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn months(months: u32) -> Period {
        Period { months, days: 0 }
    }

    #[test]
    fn a_clipped_day_becomes_the_next_one() {
        assert_eq!(months(72).until(day("2020-02-29")), Some(day("2026-03-01")));
        assert_eq!(months(48).until(day("2020-02-29")), Some(day("2024-02-29")));
        assert_eq!(months(6).until(day("2026-08-31")), Some(day("2027-03-01")));
        assert_eq!(months(6).until(day("2027-08-31")), Some(day("2028-03-01")));
        assert_eq!(
            Period { months: 0, days: 30 }.until(day("2026-11-21")),
            Some(day("2026-12-21"))
        );
        assert_eq!(months(1200).until(NaiveDate::MAX), None);
    }

    #[test]
    fn a_fiscal_year_ends_where_the_firm_says() {
        assert_eq!(fiscal_year_end(day("2026-11-21"), 12, 31), Some(day("2026-12-31")));
        assert_eq!(fiscal_year_end(day("2026-06-30"), 6, 30), Some(day("2026-06-30")));
        assert_eq!(fiscal_year_end(day("2026-07-01"), 6, 30), Some(day("2027-06-30")));
        assert_eq!(fiscal_year_end(day("2027-03-01"), 2, 29), Some(day("2028-02-29")));
        assert_eq!(fiscal_year_end(day("2026-03-01"), 2, 29), Some(day("2027-02-28")));
        assert_eq!(fiscal_year_end(day("2026-03-01"), 13, 1), None);
    }

    fn any_day() -> impl Strategy<Value = NaiveDate> {
        (0i64..300_000).prop_map(|n| day("1900-01-01") + chrono::TimeDelta::days(n))
    }

    proptest! {
        /// Never before the same day of the month that many months later, in any calendar.
        #[test]
        fn no_period_ends_early(from in any_day(), m in 0u32..240, days in 0u32..400) {
            let until = Period { months: m, days }.until(from).unwrap();
            let month = from.year() * 12 + from.month0() as i32 + m as i32;
            let first = NaiveDate::from_ymd_opt(month.div_euclid(12), month.rem_euclid(12) as u32 + 1, 1).unwrap();
            prop_assert!(until >= first + chrono::TimeDelta::days(i64::from(from.day0().min(29)) - 1));
            let exact = first.with_day(from.day());
            let wanted = exact.unwrap_or_else(|| first + Months::new(1)) + Days::new(u64::from(days));
            prop_assert_eq!(until, wanted);
        }

        #[test]
        fn what_covers_a_rule_never_ends_before_it(
            from in any_day(), a in 0u32..100, b in 0u32..100, c in 0u32..100, d in 0u32..100,
        ) {
            let (mine, rule) = (Period { months: a, days: b }, Period { months: c, days: d });
            if mine.covers(rule) {
                prop_assert!(mine.until(from) >= rule.until(from));
            }
        }

        #[test]
        fn a_day_lies_in_the_fiscal_year_that_ends_next(from in any_day(), m in 1u32..=12, last in 1u32..=31) {
            let end = fiscal_year_end(from, m, last).unwrap();
            prop_assert!(end >= from && end - from <= chrono::TimeDelta::days(366));
            prop_assert_eq!(end.month(), m);
        }
    }
}
