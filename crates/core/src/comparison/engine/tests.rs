use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::comparison::{Assumptions, Client, Reason};
use crate::currency::Currency;
use crate::dates::{DateWindow, parse_date};
use crate::parse::Parse;
use crate::product::{NewProduct, ProductDraft};

const CUSIPS: [&str; 5] = ["037833100", "17275R102", "38259P508", "594918104", "68389X105"];

fn input(n: usize, fields: serde_json::Value) -> ComparisonInput {
    let mut body = json!({"cusip": CUSIPS[n], "product_name": format!("Product {n}")});
    crate::patch::merge(&mut body, fields);
    let new: NewProduct = serde_json::from_value(body).unwrap();
    let draft: ProductDraft = new.validate().unwrap();
    ComparisonInput {
        product_id: Uuid::from_u128(n as u128).into(),
        cusip: draft.cusip,
        product_name: draft.product_name,
        issuer: draft.issuer,
        product_type: draft.product_type,
        product_subtype: draft.product_subtype,
        currency: draft.currency,
        is_active: true,
        minimum_investment: draft.minimum_investment,
        maximum_investment: draft.maximum_investment,
        base_rate: draft.base_rate,
        bonus_rate: draft.bonus_rate,
        rate_effective_date: parse_date("2025-01-01").unwrap(),
        return_of_premium: draft.return_of_premium,
        return_of_premium_percentage: draft.return_of_premium_percentage,
        not_appointed: false,
        states: draft.states,
        availability: vec![
            DateWindow::new(parse_date("2025-01-01").unwrap(), parse_date("2025-12-31").unwrap())
                .unwrap(),
        ],
        annuity_terms: draft.annuity_terms,
        cd_terms: draft.cd_terms,
    }
}

fn scenario(amount: &str, horizon_months: u32) -> Scenario {
    Scenario {
        amount: Amount::parse(amount).unwrap(),
        currency: Currency::USD,
        horizon_months,
        as_of: parse_date("2025-01-01").unwrap(),
        client: Client::default(),
        assumptions: Assumptions::default(),
        engine: Engine::default(),
    }
}

fn cd() -> ComparisonInput {
    input(
        0,
        json!({"product_type": "CD", "product_subtype": "BankCD", "base_rate": "5",
        "cd_terms": {"term_months": 24, "compounding": "annual", "early_withdrawal_penalty": {"days_of_interest": 73}}}),
    )
}

fn myga() -> ComparisonInput {
    input(
        1,
        json!({"product_type": "Annuity", "product_subtype": "MYGA", "base_rate": "5", "bonus_rate": "2",
        "annuity_terms": {"guarantee_years": 3, "minimum_issue_age": 18, "maximum_issue_age": 85,
            "surrender_schedule": [{"contract_year": 1, "charge": "10"}, {"contract_year": 2, "charge": "5"}]}}),
    )
}

fn fia() -> ComparisonInput {
    input(
        2,
        json!({"product_type": "Annuity", "product_subtype": "FIA", "base_rate": "8", "states": ["CA"],
        "annuity_terms": {"crediting": {"method": "point_to_point", "cap": "6"}, "market_value_adjustment": true}}),
    )
}

fn rila() -> ComparisonInput {
    input(
        3,
        json!({"product_type": "Annuity", "product_subtype": "RILA", "base_rate": "7",
        "annuity_terms": {"crediting": {"method": "point_to_point", "floor": "-10"}}}),
    )
}

fn spia() -> ComparisonInput {
    input(4, json!({"product_type": "Annuity", "product_subtype": "SPIA", "base_rate": "6"}))
}

fn find<'a>(result: &'a ComparisonResult, input: &ComparisonInput) -> &'a ComparedProduct {
    result.products.iter().find(|p| p.product_id == input.product_id).unwrap()
}

/// Value, early value and guaranteed value at each point.
fn figures(product: &ComparedProduct) -> Vec<String> {
    let early = |p: &ValuePoint| p.early_value.map_or("-".to_owned(), |v| v.to_string());
    let line = |p: &ValuePoint| format!("{} {} {}", p.value, early(p), p.guaranteed_value);
    product.values.iter().map(line).collect()
}

#[test]
fn a_cd_grows_to_maturity_and_rests() {
    let result = compare(&[cd(), myga()], &scenario("10000", 36)).unwrap();
    let cd = find(&result, &cd());
    assert_eq!(
        figures(cd),
        ["10500.00 10400.00 10500.00", "11025.00 11025.00 11025.00", "11025.00 11025.00 11025.00"]
    );
    assert_eq!(cd.apy.unwrap().to_string(), "5.00");
    assert_eq!(cd.maturity_date.unwrap().to_string(), "2027-01-01");
    assert_eq!(cd.value_at_maturity.unwrap().to_string(), "11025.00");
    assert_eq!(cd.eligibility.warnings, [Reason::TermShorterThanHorizon]);
}

#[test]
fn a_bonus_grows_with_an_annuity_but_not_its_yield() {
    let result = compare(&[cd(), myga()], &scenario("10000", 30)).unwrap();
    let myga = find(&result, &myga());
    assert_eq!(myga.bonus_amount.to_string(), "200.00");
    // 10200 * 1.05 = 10710, less 10 % = 9639; 11245.50 less 5 % = 10683.225; then no charge.
    assert_eq!(
        figures(myga),
        ["10710.00 9639.00 10710.00", "11245.50 10683.23 11245.50", "11524.33 11524.33 11524.33"]
    );
    assert_eq!(myga.effective_annual_yield.unwrap().to_string(), "5.0041");
    assert_eq!(myga.apy, None);
}

#[test]
fn index_linked_guarantees_are_their_floors() {
    let result = compare(&[fia(), rila(), spia()], &scenario("10000", 24)).unwrap();
    let fia = find(&result, &fia());
    assert_eq!(figures(fia), ["10600.00 10600.00 10000.00", "11236.00 11236.00 10000.00"]);
    assert_eq!(fia.basis, Basis::Illustrated);
    let rila = find(&result, &rila());
    assert_eq!(figures(rila), ["10700.00 10700.00 9000.00", "11449.00 11449.00 8100.00"]);
    let spia = find(&result, &spia());
    assert_eq!(figures(spia), ["600.00 - 600.00", "1200.00 - 1200.00"]);
    assert_eq!((spia.basis, spia.effective_annual_yield), (Basis::Payout, None));
}

#[test]
fn return_of_premium_is_a_floor() {
    let mut rila = rila();
    rila.return_of_premium = true;
    let result = compare(&[rila.clone(), cd()], &scenario("10000", 12)).unwrap();
    assert_eq!(find(&result, &rila).guaranteed_at_horizon.to_string(), "10000.00");
}

#[test]
fn a_callable_cd_guarantees_to_its_first_call() {
    let mut called = cd();
    let terms = called.cd_terms.as_mut().unwrap();
    (terms.callable, terms.call_protection_months) = (true, Some(12));
    let result = compare(&[called.clone(), myga()], &scenario("10000", 24)).unwrap();
    let called = find(&result, &called);
    assert_eq!(called.guaranteed_at_horizon.to_string(), "10500.00");
    assert_eq!(called.eligibility.warnings, [Reason::Callable]);
}

#[test]
fn every_reason_is_given() {
    let mut bad = fia();
    bad.is_active = false;
    bad.currency = Currency::parse("EUR").unwrap();
    bad.minimum_investment = Amount::parse("10000.01").unwrap();
    let mut asked = scenario("10000", 12);
    asked.as_of = parse_date("2026-01-01").unwrap();
    asked.client = Client { age: Some(17), state: Some("NY".parse().unwrap()) };
    let mut myga = myga();
    myga.maximum_investment = Some(Amount::parse("9999.99").unwrap());
    let result = compare(&[bad.clone(), myga.clone()], &asked).unwrap();
    let found = &find(&result, &bad).eligibility;
    assert!(!found.eligible);
    assert_eq!(
        found.reasons,
        [
            Reason::Inactive,
            Reason::NotAvailableOnDate,
            Reason::CurrencyDiffers,
            Reason::BelowMinimum,
            Reason::StateNotApproved
        ]
    );
    assert_eq!(found.warnings, [Reason::MarketValueAdjustment, Reason::Illustrated]);
    let found = &find(&result, &myga).eligibility.reasons;
    assert_eq!(found, &[Reason::NotAvailableOnDate, Reason::AboveMaximum, Reason::AgeBelowMinimum]);
    asked.client.age = Some(86);
    let result = compare(&[bad, myga.clone()], &asked).unwrap();
    assert!(find(&result, &myga).eligibility.reasons.contains(&Reason::AgeAboveMaximum));
}

#[test]
fn what_is_not_known_of_the_client_warns() {
    let result = compare(&[fia(), myga()], &scenario("10000", 36)).unwrap();
    assert!(find(&result, &fia()).eligibility.warnings.contains(&Reason::StateNotGiven));
    let myga = &find(&result, &myga()).eligibility;
    assert!(myga.eligible && myga.warnings.contains(&Reason::AgeNotGiven));
}

#[test]
fn the_eligible_come_first_then_the_higher_value() {
    let mut best = fia();
    best.is_active = false;
    let result = compare(&[best.clone(), cd(), myga()], &scenario("10000", 24)).unwrap();
    let order: Vec<_> = result.products.iter().map(|p| (p.rank, p.product_id)).collect();
    assert_eq!(order, [(1, myga().product_id), (2, cd().product_id), (3, best.product_id)]);
}

#[test]
fn bad_questions_are_refused() {
    let ask = |inputs: &[ComparisonInput], amount, months| {
        compare(inputs, &scenario(amount, months)).unwrap_err()
    };
    assert_eq!(ask(&[cd()], "1", 12), CompareError::ProductCount);
    assert_eq!(ask(&vec![cd(); 11], "1", 12), CompareError::ProductCount);
    assert_eq!(ask(&[cd(), cd()], "1", 12), CompareError::Repeated(cd().product_id));
    assert_eq!(ask(&[cd(), myga()], "0", 12), CompareError::Amount);
    assert_eq!(ask(&[cd(), myga()], "1", 0), CompareError::Horizon);
    assert_eq!(ask(&[cd(), myga()], "1", 1201), CompareError::Horizon);
    let error = ask(&[fia(), cd()], "9999999999999.99", 12);
    assert_eq!(error, CompareError::OutOfRange(fia().product_id));
    assert_eq!(error.violations().0[0].pointer, "/investment_amount");
}

#[test]
fn the_json_form_is_fixed() {
    let mut asked = scenario("10000", 12);
    let fixed = |asked: &Scenario| {
        let result = compare(&[cd(), myga()], asked).unwrap();
        serde_json::to_string(&result.products[1]).unwrap()
    };
    assert_eq!(
        fixed(&asked),
        r#"{"rank":2,"product_id":"00000000-0000-0000-0000-000000000000","cusip":"037833100","product_name":"Product 0","issuer":null,"product_type":"CD","product_subtype":"BankCD","base_rate":"5.0000","bonus_rate":"0.0000","rate_unit":"percent","rate_effective_date":"2025-01-01","eligibility":{"eligible":true,"reasons":[],"warnings":["term_longer_than_horizon"]},"basis":"guaranteed","bonus_amount":"0.00","values":[{"months":12,"date":"2026-01-01","value":"10500.00","early_value":"10400.00","guaranteed_value":"10500.00","early_withdrawal":{"free_amount":"0.00","charge":"100.00","market_value_adjustment":null}}],"maturity_date":"2027-01-01","value_at_maturity":"11025.00","value_at_horizon":"10500.00","early_value_at_horizon":"10400.00","guaranteed_at_horizon":"10500.00","effective_annual_yield":"5.0000","apy":"5.00","rate_for_amount":"5.0000","first_call":null,"index_scenarios":[],"yield_to_maturity":"5.0000","yield_to_worst":{"date":"2027-01-01","event":"maturity","yield":"5.0000"}}"#
    );
    // What earlier engines showed stays as it was, byte for byte.
    asked.engine = Engine::V2;
    assert_eq!(
        fixed(&asked),
        r#"{"rank":2,"product_id":"00000000-0000-0000-0000-000000000000","cusip":"037833100","product_name":"Product 0","issuer":null,"product_type":"CD","product_subtype":"BankCD","base_rate":"5.0000","bonus_rate":"0.0000","rate_unit":"percent","rate_effective_date":"2025-01-01","eligibility":{"eligible":true,"reasons":[],"warnings":["term_longer_than_horizon"]},"basis":"guaranteed","bonus_amount":"0.00","values":[{"months":12,"date":"2026-01-01","value":"10500.00","early_value":"10400.00","guaranteed_value":"10500.00","early_withdrawal":{"free_amount":"0.00","charge":"100.00","market_value_adjustment":null}}],"maturity_date":"2027-01-01","value_at_maturity":"11025.00","value_at_horizon":"10500.00","early_value_at_horizon":"10400.00","guaranteed_at_horizon":"10500.00","effective_annual_yield":"5.0000","apy":"5.00","rate_for_amount":"5.0000","first_call":null,"index_scenarios":[]}"#
    );
    asked.engine = Engine::V1;
    assert_eq!(
        fixed(&asked),
        r#"{"rank":2,"product_id":"00000000-0000-0000-0000-000000000000","cusip":"037833100","product_name":"Product 0","issuer":null,"product_type":"CD","product_subtype":"BankCD","base_rate":"5.0000","bonus_rate":"0.0000","rate_unit":"percent","rate_effective_date":"2025-01-01","eligibility":{"eligible":true,"reasons":[],"warnings":["term_longer_than_horizon"]},"basis":"guaranteed","bonus_amount":"0.00","values":[{"months":12,"date":"2026-01-01","value":"10500.00","early_value":"10400.00","guaranteed_value":"10500.00"}],"maturity_date":"2027-01-01","value_at_maturity":"11025.00","value_at_horizon":"10500.00","early_value_at_horizon":"10400.00","guaranteed_at_horizon":"10500.00","effective_annual_yield":"5.0000","apy":"5.00"}"#
    );
}

mod second;
mod third;

proptest! {
    #[test]
    fn the_order_of_the_question_does_not_matter(
        order in Just(vec![cd(), myga(), fia(), rila(), spia()]).prop_shuffle(),
        cents in 1i64..1_000_000_000, months in 1u32..600,
    ) {
        let mut asked = scenario("1", months);
        asked.amount = Amount::new(Decimal::new(cents, 2)).unwrap();
        let sorted = compare(&[cd(), myga(), fia(), rila(), spia()], &asked);
        let shuffled = compare(&order, &asked);
        match (sorted, shuffled) {
            (Ok(a), Ok(b)) => {
                prop_assert_eq!(serde_json::to_vec(&a).unwrap(), serde_json::to_vec(&b).unwrap());
                for product in &a.products {
                    for point in &product.values {
                        prop_assert!(point.guaranteed_value <= point.value);
                        prop_assert!(point.early_value.is_none_or(|early| early <= point.value));
                    }
                    if product.product_subtype == Some(crate::product::ProductSubtype::Fia) {
                        prop_assert!(product.guaranteed_at_horizon >= a.amount);
                    }
                }
            }
            (a, b) => prop_assert!(a.is_err() && b.is_err()),
        }
    }
}
