//! What comparisons project, and by the rules of which engine.

use serde_json::{Value, json};
use testkit::{TestApp, cusip};

use super::comparisons::{ALL, pair, question, reproduce};
use super::{create, fields, pairs, with};

/// An index-linked annuity with everything that leaving early can cost.
fn linked() -> Value {
    json!({
        "cusip": cusip(3), "product_name": "Index Seven", "product_type": "Annuity",
        "product_subtype": "FIA", "base_rate": "4.0000",
        "annuity_terms": {
            "crediting": {"method": "point_to_point", "cap": "7", "participation_rate": "50"},
            "market_value_adjustment": true,
            "free_withdrawal_percentage": "10",
            "surrender_schedule": [
                {"contract_year": 1, "charge": "10"}, {"contract_year": 2, "charge": "9"}],
            "rate_bands": [{"minimum_amount": "50000.00", "addition": "0.5"}],
        },
        "availability": {"start_date": "2026-01-01", "end_date": "2026-12-31"},
    })
}

#[tokio::test]
async fn leaving_early_and_the_index_are_projected() {
    let app = TestApp::new().await;
    let path = create(&app.admin(), linked()).await.header("location");
    let other = pair(&app).await;
    let assumed = json!({"index_change": "8", "market_rate_change": "1"});
    let asked = with(
        question(&[path, other[1].clone()]),
        json!({"horizon_months": 24, "assumptions": assumed}),
    );
    let made = app.sales_rep().post(ALL, asked.clone()).await.expect(201);
    assert_eq!(made.body["engine_version"], 3);
    assert_eq!(
        made.body["assumptions"],
        json!({"index_change": "8.0000", "market_rate_change": "1.0000"})
    );
    let products = made.body["products"].as_array().unwrap();
    let linked = products.iter().find(|p| p["product_subtype"] == "FIA").unwrap();
    assert_eq!(
        (&linked["base_rate"], &linked["rate_for_amount"]),
        (&json!("4.0000"), &json!("4.5000"))
    );
    assert_eq!(linked["eligibility"]["warnings"], json!(["illustrated"]));
    // 50000 at 4.5 % is 52250; a tenth is free; 10 % of 47025 is 4702.50, and one year at a point
    // more, (1.045 / 1.055) - 1, takes 445.73.
    assert_eq!(
        linked["values"][0],
        json!({"months": 12, "date": "2027-11-21", "value": "52250.00",
            "early_value": "47101.77", "guaranteed_value": "50000.00",
            "early_withdrawal": {"free_amount": "5225.00", "charge": "4702.50",
                                 "market_value_adjustment": "-445.73"}})
    );
    let cases: Vec<_> = linked["index_scenarios"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| json!([s["case"], s["index_change"], s["annual_credit"], s["values"][1]["value"]]))
        .collect();
    assert_eq!(
        cases,
        [
            json!(["guaranteed_minimum", "-100.0000", "0.0000", "50000.00"]),
            json!(["unchanged", "0.0000", "0.0000", "50000.00"]),
            json!(["cap", null, "7.0000", "57245.00"]),
            json!(["assumed", "8.0000", "4.0000", "54080.00"]),
        ]
    );
    let path = made.header("location");
    assert_eq!(reproduce(&app.sales_rep(), &path).await.expect(200).bytes, made.bytes);
    for (field, value) in [("index_change", "100.0001"), ("market_rate_change", "-20.0001")] {
        let bad = with(asked.clone(), json!({"assumptions": {field: value}}));
        let answer = app.sales_rep().post(ALL, bad).await.expect(422);
        let at = format!("/assumptions/{field}");
        assert_eq!(fields(&answer), pairs(&[(&at, "out_of_range")]));
    }
}

/// What the second engine showed: the same without what the third one adds.
fn as_the_second_engine_showed_it(text: &str) -> String {
    let yields = r#","yield_to_maturity":(null|"[^"]*"),"yield_to_worst":(null|\{[^}]*\})"#;
    let text = regex::Regex::new(yields).unwrap().replace_all(text, "").into_owned();
    text.replace(r#""engine_version":3"#, r#""engine_version":2"#)
}

/// What the first engine showed: the same without what the second one adds.
fn as_the_first_engine_showed_it(text: &str) -> String {
    let mut text = as_the_second_engine_showed_it(text);
    for (added, with) in [
        (r#","assumptions":\{[^}]*\},"engine_version":2"#, ""),
        (r#","early_withdrawal":(null|\{[^}]*\})"#, ""),
        (r#","rate_for_amount":"[^"]*","first_call":null,"index_scenarios":\[\]"#, ""),
    ] {
        text = regex::Regex::new(added).unwrap().replace_all(&text, with).into_owned();
    }
    text
}

#[tokio::test]
async fn a_comparison_of_the_first_engine_reproduces_by_its_own_rules() {
    let app = TestApp::new().await;
    let paths = pair(&app).await;
    let made = app.sales_rep().post(ALL, question(&paths)).await.expect(201);
    let path = made.header("location");
    let old = as_the_first_engine_showed_it(std::str::from_utf8(&made.bytes).unwrap());
    assert!(!old.contains("early_withdrawal") && !old.contains("index_scenarios"), "{old}");
    app.execute(&format!(
        "alter table products.product_comparisons disable trigger user;
         update products.product_comparisons
            set engine_version = 1, request = request - 'assumptions', result = '{old}',
                result_sha256 = sha256(convert_to('{old}', 'UTF8'))"
    ))
    .await;
    assert_eq!(app.sales_rep().get(&path).await.expect(200).bytes, old.as_bytes());
    assert_eq!(reproduce(&app.sales_rep(), &path).await.expect(200).bytes, old.as_bytes());
    // By the rules of the second engine it would be another answer.
    app.execute("update products.product_comparisons set engine_version = 2").await;
    reproduce(&app.sales_rep(), &path).await.expect(409);
}

#[tokio::test]
async fn a_comparison_of_the_second_engine_has_no_yields() {
    let app = TestApp::new().await;
    let paths = pair(&app).await;
    let made = app.sales_rep().post(ALL, question(&paths)).await.expect(201);
    let path = made.header("location");
    let cd = made.body["products"].as_array().unwrap().iter().find(|p| p["product_type"] == "CD");
    let worst = json!({"date": "2027-11-21", "event": "maturity", "yield": "4.6025"});
    let cd = cd.unwrap();
    assert_eq!((&cd["yield_to_maturity"], &cd["yield_to_worst"]), (&json!("4.6025"), &worst));
    let old = as_the_second_engine_showed_it(std::str::from_utf8(&made.bytes).unwrap());
    assert!(!old.contains("yield_to_maturity") && old.contains("early_withdrawal"), "{old}");
    app.execute(&format!(
        "alter table products.product_comparisons disable trigger user;
         update products.product_comparisons
            set engine_version = 2, result = '{old}', result_sha256 = sha256(convert_to('{old}', 'UTF8'))"
    ))
    .await;
    assert_eq!(reproduce(&app.sales_rep(), &path).await.expect(200).bytes, old.as_bytes());
}
