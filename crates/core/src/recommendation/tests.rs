use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::*;

fn given() -> Value {
    json!({
        "product_id": "0192f0c8-0000-7000-8000-00000000dead", "client_reference": "C-1",
        "profile": {"age": 60, "annual_income": "90000.00", "financial_situation": "No debts",
            "financial_experience": "Ten years", "insurance_needs": "None",
            "financial_objectives": "Income", "intended_use": "Retirement",
            "time_horizon_months": 120, "existing_assets": "IRA", "liquidity_needs": "Low",
            "liquid_net_worth": "500000.00", "risk_tolerance": "Low", "funding_source": "Savings",
            "tax_status": "Single"},
        "basis": "Guaranteed for the whole horizon.",
        "disclosures": [{"kind": "producer_disclosure", "version": "A-2024", "given_on": "2026-11-20"}],
        "cash_compensation": {"description": "Commission by the insurer"},
    })
}

fn with(change: Value) -> Result<Recommendation, Violations> {
    let mut body = given();
    crate::patch::merge(&mut body, change);
    serde_json::from_value::<NewRecommendation>(body).unwrap().validate()
}

fn codes(result: Result<Recommendation, Violations>) -> Vec<String> {
    result.unwrap_err().0.iter().map(|e| format!("{} {}", e.pointer, e.code)).collect()
}

#[test]
fn a_whole_record_is_taken() {
    let found = with(json!({})).unwrap();
    assert_eq!(found.profile.age, Some(60));
    assert_eq!((found.refused.len(), found.disclosures.len()), (0, 1));
    assert_eq!(found.cash_compensation.estimate, None);
}

#[test]
fn nothing_is_passed_over_in_silence() {
    assert_eq!(codes(with(json!({"profile": {"age": null}}))), ["/profile/age required"]);
    // Refused is an answer, if it is signed.
    let refused = json!({"profile": {"age": null, "tax_status": null},
        "refused": ["tax_status", "age"]});
    assert_eq!(codes(with(refused.clone())), ["/disclosures required"]);
    let mut signed = refused;
    crate::patch::merge(
        &mut signed,
        json!({"disclosures": [
        {"kind": "producer_disclosure", "version": "A", "given_on": "2026-11-20"},
        {"kind": "consumer_refusal", "version": "B", "given_on": "2026-11-20"}]}),
    );
    let found = with(signed).unwrap();
    assert_eq!(found.refused, [ProfileField::Age, ProfileField::TaxStatus]);
    let both = codes(with(json!({"refused": ["age", "age", "x"]})));
    assert_eq!(
        both,
        [
            "/refused/1 duplicate",
            "/refused/2 unknown_value",
            "/profile/age conflict",
            "/disclosures required"
        ]
    );
    let empty = serde_json::from_value::<NewRecommendation>(json!({})).unwrap().validate();
    assert_eq!(
        codes(empty),
        [
            "/product_id required",
            "/client_reference required",
            "/profile required",
            "/basis required",
            "/disclosures required",
            "/cash_compensation required"
        ]
    );
    let paid = json!({"cash_compensation": {"estimate": "100.00"}});
    assert_eq!(codes(with(paid)), ["/cash_compensation/recurring conflict"]);
}

fn replacement(change: Value) -> Value {
    let mut body = json!({"existing_contract": "X-1", "existing_issuer": "Old Life",
        "existing_value": "100000.00", "surrender_charge": "5000.00",
        "new_surrender_period_months": 60, "exchanged_within_60_months": false,
        "benefit": "A higher guaranteed rate."});
    crate::patch::merge(&mut body, change);
    json!({"replacement": body})
}

#[test]
fn a_replacement_says_what_is_lost() {
    let lost = json!({"benefits_lost": "Death benefit", "increased_fees": "0.25 % a year",
        "exchanged_within_60_months": true});
    let replaced = with(replacement(lost)).unwrap().replacement.unwrap();
    let sum = |text| Amount::parse(text).unwrap();
    // Left are 95000; 100000 are needed, 1.0526 times what was invested.
    let points = [
        (12, None),
        (24, Some(sum("105000.00"))),
        (36, Some(sum("105263.16"))),
        (48, Some(sum("120000.00"))),
    ];
    let found = figures(&replaced, sum("100000.00"), &points);
    assert_eq!((found.surrender_value, found.break_even_months), (sum("95000.00"), Some(36)));
    use ReplacementConcern as C;
    assert_eq!(
        found.concerns,
        [
            C::SurrenderCharge,
            C::NewSurrenderPeriod,
            C::BenefitsLost,
            C::IncreasedFees,
            C::ExchangedWithin60Months
        ]
    );
    let free = json!({"surrender_charge": "0.00", "new_surrender_period_months": 0});
    let free = with(replacement(free)).unwrap().replacement.unwrap();
    let found = figures(&free, sum("100000.00"), &points[..1]);
    assert_eq!((found.break_even_months, found.concerns), (None, vec![C::NoBreakEven]));
    assert_eq!(
        codes(with(json!({"replacement": {"surrender_charge": "1.00"}}))),
        [
            "existing_contract",
            "existing_issuer",
            "existing_value",
            "benefit",
            "new_surrender_period_months",
            "exchanged_within_60_months"
        ]
        .map(|name| format!("/replacement/{name} required"))
    );
    let more = replacement(json!({"surrender_charge": "100000.01"}));
    assert_eq!(codes(with(more)), ["/replacement/surrender_charge out_of_range"]);
}

proptest! {
    /// A higher charge never breaks even sooner.
    #[test]
    fn a_charge_only_delays(value in 1i64..=100_000_000, a in 0i64..=100, b in 0i64..=100,
                            early in proptest::collection::vec(1i64..=300_000_000, 1..12)) {
        let cents = |units| Amount::new(Decimal::new(units, 2)).unwrap();
        let points: Vec<_> = (1u32..).zip(early).map(|(m, v)| (m, Some(cents(v)))).collect();
        let months = |percent: i64| {
            let mut asked = with(replacement(json!({}))).unwrap().replacement.unwrap();
            asked.existing_value = cents(value);
            asked.surrender_charge = cents(value * percent / 100);
            figures(&asked, cents(100_000_000), &points).break_even_months.unwrap_or(u32::MAX)
        };
        prop_assert!(months(a.min(b)) <= months(a.max(b)));
    }
}
