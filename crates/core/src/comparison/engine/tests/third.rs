//! What the third engine adds.

use super::*;
use crate::comparison::projection::yearly;
use chrono::{Days, NaiveDate};

use crate::comparison::{YieldEvent, YieldToWorst};
use crate::product::{Compounding, DayCount};

fn yields(terms: serde_json::Value) -> (Option<String>, Option<(String, YieldEvent, String)>) {
    let cd = input(
        0,
        json!({"product_type": "CD", "base_rate": "4", "bonus_rate": "1", "cd_terms": terms}),
    );
    let result = compare(&[cd.clone(), myga()], &scenario("10000", 36)).unwrap();
    let found = find(&result, &cd).details.as_ref().unwrap().yields.unwrap();
    let worst = |w: YieldToWorst| (w.date.to_string(), w.event, w.percent.to_string());
    (found.yield_to_maturity.map(|y| y.to_string()), found.yield_to_worst.map(worst))
}

fn at(date: &str, event: YieldEvent, percent: &str) -> Option<(String, YieldEvent, String)> {
    Some((date.to_owned(), event, percent.to_owned()))
}

/// Computed apart: 2025-01-01 to 2027-01-01 are 730 days, to 2025-07-01 181.
#[test]
fn the_worst_is_the_least_over_every_call_and_maturity() {
    use YieldEvent::{Call, Maturity};
    let annual = |more: serde_json::Value| {
        let mut terms = json!({"term_months": 24, "compounding": "annual"});
        crate::patch::merge(&mut terms, more);
        yields(terms)
    };
    let of = |percent: &str| Some(percent.to_owned());
    // The bonus is no part of a yield.
    assert_eq!(annual(json!({})), (of("4.0000"), at("2027-01-01", Maturity, "4.0000")));
    // A call at the same yield is not worse than maturity.
    let called = json!({"callable": true, "call_protection_months": 12});
    assert_eq!(annual(called), (of("4.0000"), at("2027-01-01", Maturity, "4.0000")));
    // 4 % for a year, then 6 %: (1.04 * 1.06)^(365/730) - 1 = 4.9952 %; called before, 4 %.
    let up = json!({"callable": true, "call_protection_months": 6,
        "step_ups": [{"after_months": 12, "rate": "6"}]});
    assert_eq!(annual(up), (of("4.9952"), at("2026-01-01", Call, "4.0000")));
    // It steps down: the longer, the worse.
    let down = json!({"callable": true, "step_ups": [{"after_months": 12, "rate": "1"}]});
    assert_eq!(annual(down), (of("2.4890"), at("2027-01-01", Maturity, "2.4890")));
    // Paid out: simple interest yields less the longer it lasts: 1.08^(365/730) - 1 = 3.9230 %.
    let simple = json!({"callable": true, "compounding": "simple"});
    assert_eq!(annual(simple), (of("3.9230"), at("2027-01-01", Maturity, "3.9230")));
    // Called once interest was not yet due: simple interest of 181 days, before it rises.
    let early = json!({"callable": true, "call_protection_months": 6, "compounding": "at_maturity",
        "step_ups": [{"after_months": 6, "rate": "9"}]});
    assert_eq!(annual(early).1, at("2025-07-01", Call, "4.0403"));
}

#[test]
fn only_what_ends_on_a_fixed_day_has_a_yield_to_maturity() {
    let result = compare(&[myga(), fia(), spia()], &scenario("10000", 36)).unwrap();
    let of = |input: &ComparisonInput| {
        find(&result, input).details.as_ref().unwrap().yields.unwrap().yield_to_maturity
    };
    // Three years of 5 %, 2025-01-01 to 2028-01-01: 1.05^3 over 1095 days.
    assert_eq!(of(&myga()).unwrap().to_string(), "5.0000");
    assert_eq!((of(&fia()), of(&spia())), (None, None));
    let mut asked = scenario("10000", 36);
    asked.engine = Engine::V2;
    let older = compare(&[myga(), cd()], &asked).unwrap();
    assert!(older.products.iter().all(|p| p.details.as_ref().unwrap().yields.is_none()));
}

fn day_of(from: NaiveDate, days: u64) -> NaiveDate {
    from.checked_add_days(Days::new(days)).unwrap()
}

proptest! {
    /// No call on any day is worse than the one that is named.
    #[test]
    fn no_day_is_worse(
        issued in 0u64..1461, stride in 1usize..20, months in 2u32..=36, first in 0u32..35, step in 0u32..35,
        base in 0i64..1200, second in 0i64..1200,
        compounding in proptest::sample::select(Compounding::ALL),
        day_count in proptest::sample::select(DayCount::ALL),
    ) {
        let (first, step) = (1 + first % (months - 1), 1 + step % (months - 1));
        let percent = |units| Decimal::new(units, 2).to_string();
        let terms = json!({"term_months": months, "callable": true, "compounding": compounding,
            "day_count": day_count, "call_protection_months": first,
            "step_ups": [{"after_months": step, "rate": percent(second)}]});
        let cd = input(0, json!({"product_type": "CD", "base_rate": percent(base), "cd_terms": terms}));
        let mut asked = scenario("10000", 12);
        asked.as_of = day_of(asked.as_of, issued);
        let projection = Projection { input: &cd, scenario: &asked, bonus: Decimal::ZERO };
        let worst = projection.yields().unwrap().yield_to_worst.unwrap();
        let start = add_months(asked.as_of, first).unwrap();
        let end = add_months(asked.as_of, months).unwrap();
        for day in start.iter_days().step_by(stride).take_while(|day| *day <= end) {
            let days = day.signed_duration_since(asked.as_of).num_days();
            let growth = projection.grown(day).unwrap() / asked.amount.decimal();
            let found = yearly(growth, days).unwrap();
            prop_assert!(found >= worst.percent, "{} {} {:?}", day, found, worst);
        }
    }
}
