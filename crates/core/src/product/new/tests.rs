use super::*;
use serde_json::json;

fn check(body: serde_json::Value) -> Result<ProductDraft, Vec<(String, String)>> {
    let new: NewProduct = serde_json::from_value(body).unwrap();
    new.validate().map_err(|v| v.0.into_iter().map(|e| (e.pointer, e.code.into_owned())).collect())
}

#[test]
fn the_least_that_makes_a_product() {
    let draft = check(json!({
        "cusip": "037833100", "product_name": " Safe  Five ", "product_type": "CD", "base_rate": "5.25"
    }))
    .unwrap();
    assert_eq!(draft.product_name, "Safe  Five");
    assert_eq!(draft.isin.unwrap().as_str(), "US0378331005");
    assert_eq!(draft.currency, Currency::USD);
    assert_eq!(draft.minimum_investment, Amount::ZERO);
    assert_eq!(draft.bonus_rate.to_string(), "0.0000");
}

#[test]
fn all_bad_fields_are_named_at_once() {
    let found = check(json!({
        "cusip": "037833109", "isin": "US5949181045", "product_name": "\u{0}", "product_type": "Bond",
        "product_subtype": "X", "currency": "ZZZ", "minimum_investment": 5, "maximum_investment": "-1",
        "base_rate": "101", "bonus_rate": null, "return_of_premium": true,
        "states": ["CA", "XX"], "availability": {"start_date": "2026-01-02", "end_date": "2026-01-01"}
    }))
    .unwrap_err();
    let found: Vec<(&str, &str)> = found.iter().map(|(p, c)| (p.as_str(), c.as_str())).collect();
    assert_eq!(
        found,
        [
            ("/cusip", "cusip_invalid"),
            ("/product_name", "character_refused"),
            ("/product_type", "unknown_value"),
            ("/product_subtype", "unknown_value"),
            ("/currency", "currency_unknown"),
            ("/minimum_investment", "wrong_type"),
            ("/maximum_investment", "out_of_range"),
            ("/base_rate", "out_of_range"),
            ("/return_of_premium_percentage", "required"),
            ("/states/1", "state_unknown"),
            ("/availability/end_date", "date_range_invalid"),
        ]
    );
}

#[test]
fn fields_must_fit_each_other() {
    let found = check(json!({
        "cusip": "037833100", "isin": "US5949181045", "product_name": "x", "product_type": "CD",
        "product_subtype": "FIA", "base_rate": "5", "minimum_investment": "10", "maximum_investment": "9.99",
        "return_of_premium_percentage": "99.999", "annuity_terms": {}
    }))
    .unwrap_err();
    let codes: Vec<&str> = found.iter().map(|(_, code)| code.as_str()).collect();
    assert_eq!(
        codes,
        [
            "isin_mismatch",
            "not_applicable",
            "out_of_range",
            "not_applicable",
            "too_precise",
            "not_applicable"
        ]
    );
}

#[test]
fn unknown_members_are_refused() {
    assert!(serde_json::from_value::<NewProduct>(json!({"product": 1})).is_err());
}

#[test]
fn a_draft_reads_back_as_the_same_product() {
    let draft = check(json!({
        "cusip": "17275R102", "product_name": "Index Guard", "product_type": "Annuity", "product_subtype": "RILA",
        "base_rate": "6", "bonus_rate": "2.5", "states": ["ny", "CA", "CA"], "return_of_premium": true,
        "return_of_premium_percentage": "90.5",
        "annuity_terms": {"crediting": {"method": "point_to_point", "buffer": "10", "cap": "18"}},
        "availability": {"start_date": "2026-01-01", "end_date": "2026-12-31"}
    }))
    .unwrap();
    assert_eq!(draft.states.len(), 2);
    assert_eq!(check(serde_json::to_value(&draft).unwrap()).unwrap(), draft);
}

#[test]
fn the_schema_says_what_is_required() {
    let schema = serde_json::to_value(<NewProduct as utoipa::PartialSchema>::schema()).unwrap();
    let required = &schema["required"];
    assert_eq!(*required, json!(["cusip", "product_name", "product_type", "base_rate"]));
    assert_eq!(schema["additionalProperties"], json!(false));
    assert_eq!(schema["properties"]["cusip"]["$ref"], "#/components/schemas/Cusip");
}
