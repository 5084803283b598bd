use super::*;

fn check(subtype: ProductSubtype, json: &str) -> Result<CdTerms, Vec<String>> {
    let new: NewCdTerms = serde_json::from_str(json).unwrap();
    new.validate(Some(subtype)).map_err(|v| v.0.into_iter().map(|e| e.pointer).collect())
}

#[test]
fn a_term_is_enough_and_defaults_are_the_usual_ones() {
    let terms = check(ProductSubtype::BankCd, r#"{"term_months":12}"#).unwrap();
    assert_eq!(terms.compounding, Compounding::Daily);
    assert_eq!(terms.day_count, DayCount::Act365Fixed);
    assert!(terms.fdic_insured && !terms.callable);
}

#[test]
fn a_draft_reads_back_as_a_request() {
    let json = r#"{"term_months":24,"callable":true,"call_protection_months":6,"compounding":"monthly",
        "day_count":"30/360","early_withdrawal_penalty":{"days_of_interest":90},
        "step_ups":[{"after_months":12,"rate":"4.75"}]}"#;
    let terms = check(ProductSubtype::StepUpCd, json).unwrap();
    let again = serde_json::to_string(&terms).unwrap();
    assert_eq!(check(ProductSubtype::StepUpCd, &again).unwrap(), terms);
}

#[test]
fn all_bad_fields_are_named_at_once() {
    let found = check(
        ProductSubtype::StepUpCd,
        r#"{"first_call_date":"2026-13-01","call_protection_months":1,"compounding":"hourly",
           "early_withdrawal_penalty":{},"step_ups":[{"after_months":0,"rate":"x"}]}"#,
    )
    .unwrap_err();
    assert_eq!(
        found,
        [
            "/term_months",
            "/first_call_date",
            "/call_protection_months",
            "/compounding",
            "/early_withdrawal_penalty",
            "/step_ups/0/after_months",
            "/step_ups/0/rate",
            "/step_ups"
        ]
    );
}
