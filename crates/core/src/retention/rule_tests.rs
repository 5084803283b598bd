use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;

const YEAR_END: Fiscal = Fiscal { month: 12, day: 31 };

fn day(n: i64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2000, 1, 1).unwrap() + TimeDelta::days(n)
}

fn version(class: &str, origin: Origin, number: i64, from: i64, months: u32) -> RuleVersion {
    RuleVersion {
        class: class.to_owned(),
        basis: Basis::EndOfUse,
        origin,
        version: number,
        in_force_from: day(from),
        replaced_on: None,
        months,
        days: 0,
        source: "a rule".to_owned(),
    }
}

/// The versions of one rule in their order, each replaced by the next.
fn chain(class: &str, origin: Origin, steps: &[(i64, u32)]) -> Vec<RuleVersion> {
    let mut all: Vec<RuleVersion> = (1..)
        .zip(steps)
        .map(|(number, (from, months))| version(class, origin, number, *from, *months))
        .collect();
    for n in 1..all.len() {
        all[n - 1].replaced_on = Some(all[n].in_force_from);
    }
    all
}

fn record(created: i64, clock: Option<i64>) -> Record {
    let classes = vec!["rate_history".to_owned()];
    Record { classes, created_on: Some(day(created)), clock_on: clock.map(day) }
}

#[test]
fn an_unset_clock_is_for_ever_and_never_over() {
    let rules = chain("rate_history", Origin::Platform, &[(0, 84)]);
    let found = retention(&record(10, None), &rules, YEAR_END);
    assert_eq!(found.retain_until, None);
    assert!(!found.is_over(NaiveDate::MAX));
    assert_eq!(found.promises[0].counted_from, None);
}

#[test]
fn the_last_day_itself_is_not_over() {
    let rules = chain("rate_history", Origin::Platform, &[(0, 12)]);
    let found = retention(&record(0, Some(0)), &rules, YEAR_END);
    assert_eq!(found.retain_until, NaiveDate::from_ymd_opt(2001, 1, 1));
    assert!(!found.is_over(found.retain_until.unwrap()));
    assert!(found.is_over(found.retain_until.unwrap() + TimeDelta::days(1)));
}

#[test]
fn a_class_without_a_rule_is_for_ever() {
    let mut two = record(0, Some(0));
    two.classes.push("unheard_of".to_owned());
    let rules = chain("rate_history", Origin::Platform, &[(0, 12)]);
    assert_eq!(retention(&two, &rules, YEAR_END).retain_until, None);
    assert_eq!(retention(&record(0, Some(0)), &[], YEAR_END).retain_until, None);
    let none = Record { classes: Vec::new(), ..record(0, Some(0)) };
    assert_eq!(retention(&none, &rules, YEAR_END).retain_until, None);
}

#[test]
fn the_longest_of_several_classes_wins() {
    let mut rules = chain("rate_history", Origin::Platform, &[(0, 12)]);
    let mut adviser = version("adviser", Origin::Platform, 1, 0, 60);
    adviser.basis = Basis::FiscalYearEnd;
    rules.push(adviser);
    let two = Record {
        classes: vec!["rate_history".to_owned(), "adviser".to_owned()],
        ..record(0, Some(45))
    };
    let found = retention(&two, &rules, YEAR_END);
    assert_eq!(found.retain_until, NaiveDate::from_ymd_opt(2005, 12, 31));
    assert_eq!(found.promises[0].counted_from, NaiveDate::from_ymd_opt(2000, 12, 31));
    rules[1].basis = Basis::Never;
    assert_eq!(retention(&two, &rules, YEAR_END).retain_until, None);
}

fn steps() -> impl Strategy<Value = Vec<(i64, u32)>> {
    prop::collection::vec((1i64..2_000, 0u32..240), 1..6).prop_map(|gaps| {
        let mut at = 0;
        gaps.into_iter()
            .map(|(gap, months)| {
                at += gap;
                (at, months)
            })
            .collect()
    })
}

proptest! {
    /// Whatever versions follow, what was promised stays promised.
    #[test]
    fn a_new_version_never_shortens(
        steps in steps(), months in 0u32..240, created in 0i64..12_000, clock in 0i64..12_000,
        firm in any::<bool>(),
    ) {
        let origin = if firm { Origin::Firm } else { Origin::Platform };
        let before = chain("rate_history", origin, &steps);
        // Also one that comes on the very day on which the record was made.
        let from = (steps.last().unwrap().0 + 1).max(created);
        let longer: Vec<_> = steps.iter().copied().chain([(from, months)]).collect();
        let after = chain("rate_history", origin, &longer);
        let record = record(created, Some(clock));
        let (was, is) = (retention(&record, &before, YEAR_END), retention(&record, &after, YEAR_END));
        prop_assert!(is.retain_until >= was.retain_until);
        // And a longer one counts for every record that is there.
        let own = Period { months, days: 0 }.until(day(clock));
        prop_assert!(is.retain_until >= own);
    }

    /// A record that is made after the day on which a rule was shortened has the shorter one.
    #[test]
    fn a_shorter_version_is_for_new_records(steps in steps(), clock in 0i64..12_000) {
        let last = *steps.last().unwrap();
        let record = record(last.0 + 1, Some(clock));
        let found = retention(&record, &chain("rate_history", Origin::Platform, &steps), YEAR_END);
        prop_assert_eq!(found.promises.len(), 1);
        prop_assert_eq!(found.retain_until, Period { months: last.1, days: 0 }.until(day(clock)));
    }

    /// What a firm sets counts only where it is longer.
    #[test]
    fn a_firm_only_lengthens(rule in 0u32..240, own in 0u32..240, created in 0i64..9_000, clock in 0i64..9_000) {
        let mut rules = chain("rate_history", Origin::Platform, &[(0, rule)]);
        let record = record(created, Some(clock));
        let was = retention(&record, &rules, YEAR_END).retain_until;
        rules.extend(chain("rate_history", Origin::Firm, &[(100, own)]));
        prop_assert!(retention(&record, &rules, YEAR_END).retain_until >= was);
    }

    /// A clock that starts later, or again, never ends earlier.
    #[test]
    fn a_later_clock_never_ends_earlier(steps in steps(), created in 0i64..9_000, a in 0i64..9_000, b in 0i64..9_000) {
        let rules = chain("rate_history", Origin::Platform, &steps);
        let (first, second) = (a.min(b), a.max(b));
        let early = retention(&record(created, Some(first)), &rules, YEAR_END).retain_until;
        let late = retention(&record(created, Some(second)), &rules, YEAR_END).retain_until;
        prop_assert!(late >= early);
    }
}
