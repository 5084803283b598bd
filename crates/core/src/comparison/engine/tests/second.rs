//! What the second engine adds.

use super::*;
use crate::comparison::{IndexCase, IndexScenario};

/// The engine of a saved comparison does not move: figures of the first one, taken when it was new.
#[test]
fn the_first_engine_charges_the_whole_value() {
    let mut myga = myga();
    let terms = myga.annuity_terms.as_mut().unwrap();
    terms.free_withdrawal_percentage = Some("10".parse().unwrap());
    terms.market_value_adjustment = true;
    let mut asked = scenario("10000", 12);
    asked.engine = Engine::V1;
    let result = compare(&[cd(), myga.clone()], &asked).unwrap();
    assert_eq!(figures(find(&result, &myga)), ["10710.00 9639.00 10710.00"]);
}

#[test]
fn a_free_withdrawal_bears_no_charge() {
    let mut myga = myga();
    myga.annuity_terms.as_mut().unwrap().free_withdrawal_percentage = Some("10".parse().unwrap());
    let result = compare(&[cd(), myga.clone()], &scenario("10000", 36)).unwrap();
    let myga = find(&result, &myga);
    // 10710.00: a tenth is free, 10 % of 9639 is 963.90; 11245.50: 5 % of 10120.95 is 506.0475.
    assert_eq!(
        figures(myga),
        ["10710.00 9746.10 10710.00", "11245.50 10739.45 11245.50", "11807.78 11807.78 11807.78"]
    );
    let parts: Vec<_> = myga.values.iter().map(parts).collect();
    assert_eq!(parts, ["1071.00 963.90 -", "1124.55 506.05 -", "11807.78 0.00 -"]);
}

/// Free amount, charge and adjustment.
fn parts(point: &ValuePoint) -> String {
    let early = point.details.as_ref().unwrap().early_withdrawal.as_ref().unwrap();
    let moved = early.market_value_adjustment.map_or("-".to_owned(), |m| m.to_string());
    format!("{} {} {moved}", early.free_amount, early.charge)
}

#[test]
fn market_rates_adjust_what_leaves_early() {
    let mut myga = myga();
    let terms = myga.annuity_terms.as_mut().unwrap();
    terms.market_value_adjustment = true;
    terms.free_withdrawal_percentage = Some("10".parse().unwrap());
    let mut asked = scenario("10000", 36);
    let ask = |asked: &Scenario| {
        let result = compare(&[cd(), myga.clone()], asked).unwrap();
        let myga = find(&result, &myga).clone();
        let early = |p: &ValuePoint| p.early_value.unwrap().to_string();
        let values: Vec<_> = myga.values.iter().map(early).collect();
        (values, myga.values.iter().map(parts).collect::<Vec<_>>(), myga.eligibility.warnings)
    };
    assert_eq!(ask(&asked).2, [Reason::AgeNotGiven, Reason::MarketValueAdjustment]);
    // Rates rose by one point, two years remain: (1.05/1.06)^2 - 1 = -0.0187789...; on 9639.00 it
    // takes 181.01. One year remains: 1.05/1.06 - 1 on 10120.95 takes 95.48.
    asked.assumptions.market_rate_change = Some("1".parse().unwrap());
    let (values, shown, warnings) = ask(&asked);
    assert_eq!(values, ["9565.09", "10643.97", "11807.78"]);
    assert_eq!(shown, ["1071.00 963.90 -181.01", "1124.55 506.05 -95.48", "11807.78 0.00 -"]);
    assert_eq!(warnings, [Reason::AgeNotGiven]);
    // They fell: the client gains.
    asked.assumptions.market_rate_change = Some("-1".parse().unwrap());
    assert_eq!(ask(&asked).1[1], "1124.55 506.05 97.32");
}

fn scenarios_of(product: &ComparedProduct) -> Vec<(IndexCase, String, Vec<String>)> {
    let line = |s: &IndexScenario| {
        let values = s.values.iter().map(|p| p.value.to_string()).collect();
        (s.case, s.annual_credit.to_string(), values)
    };
    product.details.as_ref().unwrap().index_scenarios.iter().map(line).collect()
}

#[test]
fn index_linked_contracts_are_shown_in_every_case() {
    let mut fia = fia();
    let crediting = fia.annuity_terms.as_mut().unwrap().crediting.as_mut().unwrap();
    crediting.participation_rate = Some("50".parse().unwrap());
    crediting.spread = Some("1".parse().unwrap());
    let mut asked = scenario("10000", 30);
    asked.assumptions.index_change = Some("8".parse().unwrap());
    let result = compare(&[fia.clone(), rila(), cd()], &asked).unwrap();
    let case = |case, credit: &str, values: [&str; 3]| {
        (case, credit.to_owned(), values.map(str::to_owned).to_vec())
    };
    use IndexCase as C;
    assert_eq!(
        scenarios_of(find(&result, &fia)),
        [
            case(C::GuaranteedMinimum, "0.0000", ["10000.00", "10000.00", "10000.00"]),
            case(C::Unchanged, "0.0000", ["10000.00", "10000.00", "10000.00"]),
            case(C::Cap, "6.0000", ["10600.00", "11236.00", "11236.00"]),
            case(C::Assumed, "3.0000", ["10300.00", "10609.00", "10609.00"]),
        ]
    );
    assert_eq!(
        scenarios_of(find(&result, &rila())),
        [
            case(C::GuaranteedMinimum, "-10.0000", ["9000.00", "8100.00", "8100.00"]),
            case(C::Unchanged, "0.0000", ["10000.00", "10000.00", "10000.00"]),
            case(C::Assumed, "8.0000", ["10800.00", "11664.00", "11664.00"]),
        ]
    );
    assert_eq!(scenarios_of(find(&result, &cd())), []);
}

#[test]
fn every_crediting_rule_counts() {
    let credited = |fields: serde_json::Value, subtype: &str, change: &str| {
        let terms = json!({"product_type": "Annuity", "product_subtype": subtype, "base_rate": "4",
                           "annuity_terms": {"crediting": fields}});
        let product = input(0, terms);
        let credit = crate::comparison::crediting::credit;
        credit(&product, product.base_rate, change.parse().unwrap()).unwrap().to_string()
    };
    let point = json!({"method": "point_to_point", "cap": "6", "floor": "1"});
    for (change, expected) in
        [("-40", "1.0000"), ("0", "1.0000"), ("5", "5.0000"), ("6.5", "6.0000")]
    {
        assert_eq!(credited(point.clone(), "FIA", change), expected);
    }
    let spread = json!({"method": "monthly_average", "spread": "2", "participation_rate": "150"});
    assert_eq!(credited(spread.clone(), "FIA", "1"), "0.0000");
    assert_eq!(credited(spread, "FIA", "4"), "4.0000");
    let triggered = json!({"method": "performance_triggered"});
    assert_eq!(credited(triggered.clone(), "FIA", "0"), "4.0000");
    assert_eq!(credited(triggered, "FIA", "-0.0001"), "0.0000");
    let buffer = json!({"method": "point_to_point", "buffer": "10", "cap": "12"});
    for (change, expected) in
        [("-9", "0.0000"), ("-10", "0.0000"), ("-25", "-15.0000"), ("30", "12.0000")]
    {
        assert_eq!(credited(buffer.clone(), "RILA", change), expected);
    }
    let floor = json!({"method": "point_to_point", "floor": "-10"});
    assert_eq!(credited(floor.clone(), "RILA", "-4"), "-4.0000");
    assert_eq!(credited(floor, "RILA", "-100"), "-10.0000");
}

#[test]
fn a_larger_premium_earns_its_band() {
    let mut banded = cd();
    let bands = json!([{"minimum_amount": "100000", "addition": "0.25"}]);
    banded.cd_terms.as_mut().unwrap().rate_bands = input(
        0,
        json!({"product_type": "CD", "base_rate": "5", "cd_terms": {"term_months": 12, "rate_bands": bands}}),
    )
    .cd_terms
    .unwrap()
    .rate_bands;
    let of = |amount| {
        let result = compare(&[banded.clone(), myga()], &scenario(amount, 12)).unwrap();
        let cd = find(&result, &banded).clone();
        let rate = cd.details.unwrap().rate_for_amount;
        format!("{} {rate} {} {}", cd.base_rate, cd.value_at_horizon, cd.apy.unwrap())
    };
    assert_eq!(of("99999.99"), "5.0000 5.0000 104999.99 5.00");
    assert_eq!(of("100000"), "5.0000 5.2500 105250.00 5.25");
}

#[test]
fn a_callable_cd_says_what_its_first_call_yields() {
    let mut called = cd();
    called.bonus_rate = "1".parse().unwrap();
    let terms = called.cd_terms.as_mut().unwrap();
    terms.callable = true;
    terms.first_call_date = Some(parse_date("2026-01-01").unwrap());
    let call = |called: &ComparisonInput| {
        let result = compare(&[called.clone(), myga()], &scenario("10000", 24)).unwrap();
        find(&result, called).details.clone().unwrap().first_call
    };
    let found = call(&called).unwrap();
    assert_eq!(found.date.to_string(), "2026-01-01");
    assert_eq!(found.value.to_string(), "10600.00");
    assert_eq!(found.yield_to_call.unwrap().to_string(), "5.0000");
    called.cd_terms.as_mut().unwrap().first_call_date = None;
    let at_once = call(&called).unwrap();
    assert_eq!((at_once.value.to_string(), at_once.yield_to_call), ("10100.00".to_owned(), None));
    assert_eq!(call(&cd()), None);
}

/// An illustration at less than the floor showed a value below the guaranteed one.
#[test]
fn no_illustration_lies_below_its_floor() {
    let mut fia = fia();
    fia.base_rate = Percent::ZERO;
    fia.annuity_terms.as_mut().unwrap().crediting.as_mut().unwrap().floor = "1".parse().ok();
    let result = compare(&[fia.clone(), cd()], &scenario("10000", 24)).unwrap();
    assert_eq!(
        figures(find(&result, &fia)),
        ["10100.00 10100.00 10100.00", "10201.00 10201.00 10201.00"]
    );
}

/// An index-linked annuity with any terms that its subtype allows.
fn linked() -> impl Strategy<Value = ComparisonInput> {
    let percent = |range: std::ops::RangeInclusive<i64>| {
        range.prop_map(|n| Percent::new(Decimal::new(n, 4)).unwrap().to_string())
    };
    let option = |range| proptest::option::of(percent(range));
    let terms = (option(0..=9_0000), option(0..=200_0000), option(0..=5_0000), 0u8..3);
    let others = (percent(0..=12_0000), percent(0..=30_0000), option(0..=100_0000), 0u32..12);
    (terms, others, any::<bool>(), any::<bool>()).prop_map(
        |((cap, share, spread, kind), (rate, guard, free, years), adjusts, returned)| {
            let mut crediting = json!({"method": "point_to_point", "cap": cap,
                "participation_rate": share, "spread": spread});
            let subtype = match kind {
                0 => {
                    let floor: Percent = guard.parse().unwrap();
                    let cap = cap.map_or(floor, |cap| cap.parse().unwrap());
                    crediting["floor"] = json!(floor.min(cap).to_string());
                    "FIA"
                }
                1 => {
                    crediting["buffer"] = json!(guard);
                    "RILA"
                }
                _ => {
                    crediting["floor"] = json!(format!("-{guard}").replace("-0.0000", "-1"));
                    "RILA"
                }
            };
            let schedule: Vec<_> = (1..=years)
                .map(|year| json!({"contract_year": year, "charge": (years - year).to_string()}))
                .collect();
            let mut product = input(
                2,
                json!({"product_type": "Annuity", "product_subtype": subtype,
                "base_rate": rate, "annuity_terms": {"crediting": crediting,
                    "market_value_adjustment": adjusts, "free_withdrawal_percentage": free,
                    "surrender_schedule": schedule}}),
            );
            product.return_of_premium = returned;
            product
        },
    )
}

proptest! {
    #[test]
    fn guarantees_hold_for_any_terms(
        product in linked(), months in 1u32..240, change in -100_0000i64..=100_0000,
        moved in proptest::option::of(-5_0000i64..=5_0000),
    ) {
        let percent = |n| Percent::new(Decimal::new(n, 4)).unwrap();
        let mut asked = scenario("10000", months);
        asked.assumptions.index_change = Some(percent(change));
        asked.assumptions.market_rate_change = moved.map(percent);
        // The most that a gain can be: 200 % of 100, each year; then it no longer fits.
        let Ok(result) = compare(&[product.clone(), cd()], &asked) else { return Ok(()) };
        let shown = find(&result, &product);
        for point in &shown.values {
            prop_assert!(point.guaranteed_value <= point.value);
            let early = point.early_value.unwrap();
            prop_assert!(!product.return_of_premium || early >= result.amount);
            prop_assert!(moved.is_some() || product.return_of_premium || early <= point.value);
        }
        let scenarios = &shown.details.as_ref().unwrap().index_scenarios;
        let least = &scenarios[0];
        prop_assert_eq!(least.case, IndexCase::GuaranteedMinimum);
        for scenario in scenarios {
            prop_assert!(scenario.annual_credit >= least.annual_credit);
            let crediting = product.annuity_terms.as_ref().unwrap().crediting.as_ref().unwrap();
            prop_assert!(crediting.cap.is_none_or(|cap| scenario.annual_credit <= cap));
            if product.product_subtype == Some(crate::product::ProductSubtype::Fia) {
                prop_assert!(!scenario.annual_credit.is_negative());
            }
        }
    }
}
